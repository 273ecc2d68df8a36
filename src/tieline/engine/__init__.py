"""Tables in, tables out: where models run; knows no business word."""
