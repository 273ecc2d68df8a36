SELECT lower(t) AS v FROM x
SELECT lower('ÀÉ') AS v FROM x
SELECT length(t) AS v FROM x
SELECT length('é') AS v FROM x
SELECT trim('  a ') AS v FROM x
SELECT trim(t, 'x') AS v FROM x
SELECT ltrim(t, 'a') AS v FROM x
SELECT left(t, 2) AS v FROM x
SELECT right(t, 2) AS v FROM x
SELECT substr(t, 1, 2) AS v FROM x
SELECT substr(t, -2, 2) AS v FROM x
SELECT lpad(t, 5, '0') AS v FROM x
SELECT lpad('é', 3, 'x') AS v FROM x
SELECT repeat(t, 2) AS v FROM x
SELECT replace(t, 'a', 'b') AS v FROM x
SELECT reverse(t) AS v FROM x
SELECT translate(t, 'a', 'b') AS v FROM x
SELECT split_part(t, '@', 2) AS v FROM x
SELECT split_part(t, '@', 5) AS v FROM x
SELECT split_part(t, '.', 1) AS v FROM x
SELECT split_part(t, '@', -1) AS v FROM x
SELECT contains(t, 'a') AS v FROM x
SELECT starts_with(t, 'a') AS v FROM x
SELECT ends_with(t, 'm') AS v FROM x
SELECT instr(t, '@') AS v FROM x
SELECT position('a' IN t) AS v FROM x
SELECT concat(t, 'x') AS v FROM x
SELECT t || NULL AS v FROM x
SELECT concat_ws(' ', t, NULL, 'x') AS v FROM x
SELECT ascii(t) AS v FROM x
SELECT chr(65) AS v FROM x
SELECT unicode('é') AS v FROM x
SELECT md5(t) AS v FROM x
SELECT sha256(t) AS v FROM x
SELECT t LIKE 'a%' AS v FROM x
SELECT t ILIKE 'B%' AS v FROM x
SELECT t IN ('', 'x') AS v FROM x
SELECT regexp_matches(t, '^[a-z]+@') AS v FROM x
SELECT regexp_matches(t, '\d+') AS v FROM x
SELECT regexp_matches(t, '(?i)ANN') AS v FROM x
SELECT regexp_extract(t, '([a-z]+)@([a-z]+)', 2) AS v FROM x
SELECT regexp_extract(t, 'zzz(a)', 1) AS v FROM x
SELECT regexp_extract_all(t, 'a') AS v FROM x
SELECT regexp_replace(t, '([a-z])@', '\1#', 'g') AS v FROM x
SELECT regexp_replace(t, '\s', '', 'g') AS v FROM x
SELECT jaro_winkler_similarity(t, 'ann') AS v FROM x
SELECT jaro_winkler_similarity('jürgen', 'jurgen') AS v FROM x
SELECT levenshtein(t, 'anné') AS v FROM x
SELECT levenshtein('jürgen', 'jurgen') AS v FROM x
SELECT abs(f) AS v FROM x
SELECT sign(f) AS v FROM x
SELECT ceil(f) AS v FROM x
SELECT floor(f) AS v FROM x
SELECT trunc(f) AS v FROM x
SELECT round(f) AS v FROM x
SELECT round(f, 2) AS v FROM x
SELECT round(2.5) AS v FROM x
SELECT round(-2.5) AS v FROM x
SELECT round(n * 1.005, 2) AS v FROM x
SELECT sqrt(abs(f)) AS v FROM x
SELECT exp(n) AS v FROM x
SELECT ln(greatest(f, 1)) AS v FROM x
SELECT power(n, 0.5) AS v FROM x
SELECT pi() AS v FROM x
SELECT degrees(f) AS v FROM x
SELECT isnan(f) AS v FROM x
SELECT n % 2 AS v FROM x
SELECT -n % 3 AS v FROM x
SELECT mod(n, 2) AS v FROM x
SELECT -n // 2 AS v FROM x
SELECT 7 // 2 AS v FROM x
SELECT n / 2 AS v FROM x
SELECT 1.0 / 3 AS v FROM x
SELECT n * 1.0 / 3 AS v FROM x
SELECT m / 3 AS v FROM x
SELECT m / nullif(m, 0) AS v FROM x
SELECT 0.25 * n AS v FROM x
SELECT n * 0.1 AS v FROM x
SELECT m * m AS v FROM x
SELECT m + n AS v FROM x
SELECT 0.1 + 0.2 AS v FROM x
SELECT 1e0 / 3 AS v FROM x
SELECT (n + 1) / nullif(2 / 4, 0) AS v FROM x
SELECT xor(n, 1) AS v FROM x
SELECT levenshtein(t, 'x') / nullif(length(t), 0) AS v FROM x
SELECT round(n / 3, 3) / nullif(n / 7, 0) AS v FROM x
SELECT least(n, 2) AS v FROM x
SELECT greatest(n, NULL) AS v FROM x
SELECT least(d, e) AS v FROM x
SELECT coalesce(NULL, n) AS v FROM x
SELECT coalesce(n, 0.5) AS v FROM x
SELECT ifnull(t, '') AS v FROM x
SELECT nullif(t, '') AS v FROM x
SELECT if(n > 1, 'a', 'b') AS v FROM x
SELECT CASE WHEN n = 1 THEN 0.5 ELSE n END AS v FROM x
SELECT CASE n WHEN 1 THEN 'a' END AS v FROM x
SELECT n > 1 AND NULL AS v FROM x
SELECT n > 1 OR t = '' AS v FROM x
SELECT NOT (n > 1) AS v FROM x
SELECT n BETWEEN 1 AND 2 AS v FROM x
SELECT n IS DISTINCT FROM NULL AS v FROM x
SELECT n IS NOT NULL AS v FROM x
SELECT t = '' AS v FROM x
SELECT t < 'a' AS v FROM x
SELECT CAST(round(f) AS BIGINT) AS v FROM x
SELECT CAST(floor(f) AS BIGINT) AS v FROM x
SELECT CAST(n AS VARCHAR) AS v FROM x
SELECT CAST(f AS VARCHAR) AS v FROM x
SELECT CAST(d AS VARCHAR) AS v FROM x
SELECT CAST(m AS VARCHAR) AS v FROM x
SELECT CAST(b AS INTEGER) AS v FROM x
SELECT CAST(n AS DOUBLE) AS v FROM x
SELECT CAST(f AS DECIMAL(10, 2)) AS v FROM x
SELECT CAST(d AS TIMESTAMP) AS v FROM x
SELECT CAST(s AS DATE) AS v FROM x
SELECT CAST(NULL AS DOUBLE) AS v FROM x
SELECT TRY_CAST(t AS DOUBLE) AS v FROM x
SELECT TRY_CAST(t AS DATE) AS v FROM x
SELECT TRY_CAST('2020-02-30' AS DATE) AS v FROM x
SELECT TRY_CAST(' 12 ' AS BIGINT) AS v FROM x
SELECT CAST(b AS VARCHAR) AS v FROM x
SELECT NULL AS v FROM x
SELECT date_diff('day', d, e) AS v FROM x
SELECT d - e AS v FROM x
SELECT d + 7 AS v FROM x
SELECT d - 30 AS v FROM x
SELECT d + CAST(n AS INTEGER) AS v FROM x
SELECT d + INTERVAL 1 MONTH AS v FROM x
SELECT CAST(d + INTERVAL 1 DAY AS DATE) AS v FROM x
SELECT s + INTERVAL 3 HOUR AS v FROM x
SELECT date_trunc('month', d) AS v FROM x
SELECT date_trunc('week', d) AS v FROM x
SELECT date_trunc('quarter', d) AS v FROM x
SELECT CAST(date_trunc('month', d) AS DATE) AS v FROM x
SELECT year(d) AS v FROM x
SELECT month(d) AS v FROM x
SELECT day(d) AS v FROM x
SELECT quarter(d) AS v FROM x
SELECT hour(s) AS v FROM x
SELECT minute(s) AS v FROM x
SELECT dayofyear(d) AS v FROM x
SELECT extract(isodow FROM d) AS v FROM x
SELECT extract(year FROM d) AS v FROM x
SELECT last_day(d) AS v FROM x
SELECT make_date(2020, 1, 2) AS v FROM x
SELECT strftime(d, '%Y-%m-%d') AS v FROM x
SELECT strftime(d, '%m/%d/%Y') AS v FROM x
SELECT strptime('2020-01-02', '%Y-%m-%d') AS v FROM x
SELECT epoch(s) AS v FROM x
SELECT [n, 2] AS v FROM x
SELECT list_value(1, 2) AS v FROM x
SELECT list_sort(list_distinct(l)) AS v FROM x
SELECT list_contains(l, 1) AS v FROM x
SELECT list_min(l) AS v FROM x
SELECT list_max(l) AS v FROM x
SELECT array_length(l) AS v FROM x
SELECT list_append(l, 9) AS v FROM x
SELECT list_transform(l, lambda q: q * 2) AS v FROM x
SELECT list_filter(l, lambda q: q > 1) AS v FROM x
SELECT array_to_string(l, '-') AS v FROM x
SELECT list_sort(l) AS v FROM x
SELECT generate_series(1, 3) AS v FROM x
SELECT range(3) AS v FROM x
SELECT {'a': n, 'b': t} AS v FROM x
SELECT struct_pack(a := n) AS v FROM x
SELECT r.a AS v FROM x
SELECT r['b'] AS v FROM x
SELECT struct_extract({'a': 1}, 'a') AS v FROM x
SELECT (SELECT max(n) FROM x) AS v FROM x
SELECT exists(SELECT 1 FROM y) AS v FROM x
SELECT sum(n) AS v FROM x
SELECT sum(DISTINCT n) AS v FROM x
SELECT round(sum(f), 6) AS v FROM x
SELECT sum(m) AS v FROM x
SELECT avg(n) AS v FROM x
SELECT round(avg(f), 6) AS v FROM x
SELECT min(t) AS v FROM x
SELECT max(d) AS v FROM x
SELECT count(*) AS v FROM x
SELECT count(DISTINCT t) AS v FROM x
SELECT median(n) AS v FROM x
SELECT median(f) AS v FROM x
SELECT count(*) FILTER (WHERE n > 1) AS v FROM x
SELECT count_if(n > 1) AS v FROM x
SELECT bool_or(n > 1) AS v FROM x
SELECT bool_and(n > 1) AS v FROM x
SELECT arg_max(t, n) AS v FROM x
SELECT min_by(t, n) AS v FROM x
SELECT round(stddev(n), 6) AS v FROM x
SELECT round(stddev_samp(f), 6) AS v FROM x
SELECT round(stddev_pop(f), 6) AS v FROM x
SELECT round(var_samp(f), 6) AS v FROM x
SELECT round(corr(n, f), 6) AS v FROM x
SELECT count(DISTINCT n) FILTER (WHERE n > 1) AS v FROM x
SELECT list_sort(list(t) FILTER (WHERE t IS NOT NULL)) AS v FROM x
SELECT list_sort(list(DISTINCT n) FILTER (WHERE n IS NOT NULL)) AS v FROM x
SELECT max(n) FILTER (WHERE t IS NOT NULL) AS v FROM x
SELECT string_agg(t, ', ' ORDER BY n) AS v FROM x
SELECT string_agg(DISTINCT t, ',' ORDER BY t) AS v FROM x
SELECT sum(CASE WHEN n > 1 THEN 1 ELSE 0 END) AS v FROM x
SELECT count(DISTINCT (n, t)) AS v FROM x
SELECT sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS v FROM x
SELECT count(*) OVER () AS v FROM x
SELECT max(d) OVER (PARTITION BY t) AS v FROM x
SELECT dense_rank() OVER (ORDER BY b) AS v FROM x
SELECT row_number() OVER (ORDER BY n) AS v FROM x
SELECT rank() OVER (ORDER BY b) AS v FROM x
SELECT percent_rank() OVER (ORDER BY n) AS v FROM x
SELECT cume_dist() OVER (ORDER BY n) AS v FROM x
SELECT ntile(2) OVER (ORDER BY n) AS v FROM x
SELECT lag(t) OVER (ORDER BY n) AS v FROM x
SELECT lead(t) OVER (ORDER BY n) AS v FROM x
SELECT first_value(t) OVER (ORDER BY n DESC NULLS LAST) AS v FROM x
SELECT d - lag(d) OVER (ORDER BY n) AS v FROM x
SELECT last_value(t) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS v FROM x
SELECT n, t FROM x QUALIFY row_number() OVER (PARTITION BY t ORDER BY n) = 1
SELECT * EXCLUDE (l) FROM x
SELECT * REPLACE (n + 1 AS n) FROM x
SELECT x.*, y.u FROM x LEFT JOIN y USING (n)
SELECT n, u FROM x FULL JOIN y USING (n)
SELECT * FROM x SEMI JOIN y USING (n)
SELECT * FROM x ANTI JOIN y USING (n)
SELECT a.n FROM x AS a JOIN x AS b ON a.n = b.n AND a.t <= b.t
SELECT n FROM x WHERE n NOT IN (SELECT n FROM y WHERE n IS NOT NULL)
SELECT n, (SELECT count(*) FROM y WHERE y.n = x.n) AS c FROM x
SELECT n FROM x UNION ALL SELECT n FROM y
SELECT n FROM x INTERSECT SELECT n FROM y
SELECT n FROM x EXCEPT SELECT n FROM y
SELECT n, unnest(l) AS v FROM x
SELECT x.n, v.v FROM x CROSS JOIN unnest(l) AS v(v)
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(i, s)
SELECT DISTINCT t FROM x
SELECT n FROM x ORDER BY n DESC NULLS FIRST LIMIT 2
SELECT n, sum(n) OVER w AS s FROM x WINDOW w AS (PARTITION BY t ORDER BY n)
SELECT t, count(*) AS c FROM x GROUP BY t HAVING count(*) > 0
SELECT count(*) AS c, t FROM x GROUP BY ROLLUP (t)
SELECT n AS m, m + 1 AS k FROM x
SELECT n AS "select", t AS "My Col" FROM x
SELECT 'it''s' AS v, 'a\b' AS w, 'a"b' AS q
WITH a AS (SELECT n, t FROM x), b AS (SELECT max(n) AS top FROM a) SELECT a.* FROM a JOIN b ON a.n = b.top
