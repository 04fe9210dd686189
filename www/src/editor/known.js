// What the page knows and a text does not tell, for completion.

import { Facet } from "@codemirror/state";

/** `{ images, paths }`. */
export const knownNames = Facet.define({ combine: (values) => values[0] ?? { images: [], paths: [] } });
