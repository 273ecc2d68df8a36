"""The pages, a file each: they read the snapshot, call actions, and fill a template."""
