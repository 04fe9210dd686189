#!/bin/sh
set -eu
curl --fail --silent --show-error --output /dev/null "$1"
echo "$1 is up"
