"""Which rows mean the same thing: comparisons, weights, clusters; knows no business word.

The model is Fellegi and Sunter's (1969, "A Theory for Record Linkage", JASA 64): a pair of rows is
compared field by field, each outcome has a weight log2(m / u), and the weights add up.
"""
