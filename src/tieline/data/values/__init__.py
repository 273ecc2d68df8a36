"""One file per kind of value: verbatim in, standard out, once per distinct value."""
