// The embed loader.
