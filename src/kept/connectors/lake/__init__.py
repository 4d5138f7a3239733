"""Tables that are files in a folder or an object store."""
