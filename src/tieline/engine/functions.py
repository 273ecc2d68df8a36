"""Which SQL functions every engine has and agrees on, and what to write instead of others.

The names are those of sqlglot's syntax tree, which folds spellings of one function into one name
(`max_by` and `arg_max` are `argmax`). Operators that it counts as functions stand here too.
"""

from __future__ import annotations

PORTABLE = frozenset((
    "abs", "and", "argmax", "argmin", "array", "arrayagg", "arrayappend", "arraycontains",
    "arraydistinct", "arrayfilter", "arraymax", "arraymin", "arraysize", "arraytostring", "ascii",
    "avg", "case", "cast", "ceil", "chr", "coalesce", "concat", "concatws", "contains", "corr",
    "count", "countif", "cumedist", "datediff", "datefromparts", "day", "dayofyear", "degrees",
    "denserank", "endswith", "exists", "exp", "explode", "extract", "firstvalue", "floor",
    "generateseries", "greatest", "groupconcat", "hour", "if", "isnan", "jarowinklersimilarity",
    "lag", "lastday", "lastvalue", "lead", "least", "left", "length", "levenshtein", "ln",
    "logicaland", "logicalor", "lower", "max", "md5", "median", "min", "minute", "month",
    "ntile", "nullif", "or", "pad", "percentrank", "pi", "pow", "quarter", "rank",
    "regexpextract", "regexpextractall", "regexplike", "regexpreplace", "repeat", "replace",
    "reverse", "right", "round", "rownumber", "sha2", "sign", "sortarray", "splitpart", "sqrt",
    "startswith", "stddev", "stddevpop", "stddevsamp", "strposition", "strtotime", "struct",
    "structextract", "substring", "sum", "timestamptrunc", "timetostr", "timetounix", "transform",
    "translate", "trim", "trunc", "trycast", "unicode", "unnest", "variance", "year",
))  # fmt: skip

_STEADY = "It gives another result on every run."
_DIFFERS = "Engines answer differently."

# key -> code, sentence, remedy
REMEDIES: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        ("rand", "uuid", "now", "currentdate", "currenttimestamp", "currenttime", "today",
         "currentdatetime", "localtimestamp", "localtime", "get_current_timestamp"),
        ("not_steady", _STEADY, "Read the day of the build from a table, ids from content."),
    ),
    **dict.fromkeys(
        ("hash",), ("unlisted_function", "Its numbers change between versions.", "Use md5(...)."),
    ),
    "upper": ("unlisted_function", "Engines differ on ß.", "Compare with lower(...)."),
    "lambda": ("arrow_lambda", "DuckDB 2 refuses this form.", "Write lambda x: f(x)."),
    **dict.fromkeys(
        ("first", "last", "anyvalue", "arbitrary"),
        ("unordered_window", "It is chance which row it takes.",
         "Write min(x), min_by(x, order), or pick the row by row_number()."),
    ),
    **dict.fromkeys(
        ("percentilecont", "percentiledisc", "approxquantile", "approx_quantile", "quantile",
         "quantile_disc", "mode", "histogram", "entropy", "kurtosis", "skewness"),
        ("unlisted_function", _DIFFERS, "Use median(x), count by value, or a Python model."),
    ),
    **dict.fromkeys(
        ("split", "regexp_split_to_array", "regexpsplit"),
        ("unlisted_function", "Engines read the separator differently.", "Use split_part."),
    ),
    **dict.fromkeys(
        ("dayofweek", "dayofweekiso", "dayname", "monthname", "weekofyear", "week"),
        ("weekday", _DIFFERS, "Write extract(isodow FROM x) or strftime."),
    ),
    **dict.fromkeys(
        ("dateadd", "date_sub", "datesub", "age", "todays", "tsordsadd"),
        ("unlisted_function", _DIFFERS, "Write d + INTERVAL 1 MONTH, or subtract dates for days."),
    ),
    **dict.fromkeys(
        ("arrayconcat", "flatten"),
        ("unlisted_function", "Engines differ where a list is NULL.", "Use unnest and list."),
    ),
    **dict.fromkeys(
        ("format", "printf"), ("unlisted_function", _DIFFERS, "Join texts with ||."),
    ),
    "strip_accents": ("unlisted_function", "Only DuckDB has it.",
                      "Compare the ..._key columns, which are folded already."),
    **dict.fromkeys(
        ("try_strptime", "log"),
        ("unlisted_function", _DIFFERS, "Use TRY_CAST(x AS DATE); ln(x) / 2.302585."),
    ),
    "regexpfullmatch": ("pattern_operator", "DuckDB 1 and 2 differ in it, and Spark lacks it.",
                        "Write regexp_matches(x, '...')."),
}  # fmt: skip
