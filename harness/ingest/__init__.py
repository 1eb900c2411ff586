"""From a harness's files into a release folder, whole or not at all."""
