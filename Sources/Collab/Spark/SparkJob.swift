/// The program that Spark runs: one file, which needs PySpark and numpy, and nothing of this program.
enum SparkJob {
  /// Its text, `job.py` in a hand-off.
  ///
  /// Spark's `ALS` has the penalty of Zhou et al. (2008): λ times the number of ratings. It knows no biases,
  /// which the penalty of `ALS` here has among the factors: found before them and once more after them, they
  /// and the factors come near to what both are when found together.
  static let text = #"""
    """Factorise ratings with Spark MLlib's alternating least squares.

        spark-submit job.py

    reads `ratings` (and `validation`, if it is there) beside this file and writes, for
    `load_learner` of Collab,

        factors/users, factors/items   CSV: id, bias, the factors with blanks between them
        metrics.json                   written last: it is complete when this is there

    Nothing but PySpark and numpy is needed. A prediction is

        mean + bias of the user + bias of the item + product of their factors

    where the penalty of a user or item is reg times the number of its ratings. ALS knows no biases: they
    are found first, each drawn to zero as by so many ratings of the mean, and the factors then on what
    they leave; then both once more, the biases on what the factors leave.
    """

    import argparse
    import json
    import os
    import sys
    import threading
    import time

    import numpy
    from pyspark.ml.recommendation import ALS
    from pyspark.sql import SparkSession, functions as F
    from pyspark.sql.types import DoubleType, LongType, StringType, StructField, StructType

    HERE = os.path.dirname(os.path.abspath(__file__))
    # A table of so many numbers is sent to everybody, rather than all ratings to where its rows are.
    SMALL = 10_000_000


    def arguments():
        """What is asked for; `handoff.json` beside this file has what is not."""
        usual = {}
        if os.path.exists(os.path.join(HERE, "handoff.json")):
            with open(os.path.join(HERE, "handoff.json"), encoding="utf-8") as file:
                usual = json.load(file)
        parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])

        def add(name, kind, value, text):
            key = name.replace("-", "_")
            parser.add_argument(
                "--" + name, type=kind, default=usual.get(key, value), help=text + " (%(default)s)")

        add("ratings", str, os.path.join(HERE, "ratings"), "folder, file or address to learn from")
        add("validation", str, os.path.join(HERE, "validation"), "the same to test with")
        add("valid-pct", float, 0.0, "share of the ratings to hold out, if there are none to test with")
        add("out", str, HERE, "folder or address that takes factors and metrics")
        add("checkpoint", str, "", "where Spark cuts its lineages; empty for a folder in --out")
        add("user", str, "user", "column of users")
        add("item", str, "item", "column of items")
        add("rating", str, "rating", "column of ratings")
        add("sep", str, ",", "what stands between the fields of CSV")
        add("multiline", int, 0, "1 if ids have line breaks in them, which takes longer")
        add("factors", int, 50, "numbers that describe each user and item")
        add("reg", float, 0.1, "lambda: how strongly factors are drawn to zero")
        add("iterations", int, 10, "iterations of ALS")
        add("reg-users", float, 15.0, "draws biases of users to zero")
        add("reg-items", float, 10.0, "draws biases of items to zero")
        add("rounds", int, 4, "how often the biases of each side are found anew")
        add("seed", int, 42, "what random factors begin with")
        add("top", int, 0, "write so many recommendations for every user")
        add("progress", int, 0, "1 to print how much is done, for programs")
        settings = parser.parse_args()
        settings.out = settings.out.rstrip("/") or "/"
        settings.checkpoint = settings.checkpoint or f"{settings.out}/checkpoint"
        settings.vocabulary = usual.get("vocabulary")
        return settings


    def sayer(settings):
        """Tells whoever has started this how much is done."""
        return lambda part: settings.progress and print(f"collab-progress {part:.3f}", flush=True)


    # Files, wherever Spark can read and write.


    def path(spark, place):
        place = spark.sparkContext._jvm.org.apache.hadoop.fs.Path(place)
        return place, place.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())


    def has(spark, pattern):
        where, system = path(spark, pattern)
        return bool(system.globStatus(where))


    def remove(spark, place):
        where, system = path(spark, place)
        system.delete(where, True)


    def put(spark, place, text):
        """Write a small file."""
        where, system = path(spark, place)
        stream = system.create(where, True)
        stream.write(bytearray(text.encode("utf-8")))
        stream.close()


    def write(table, place):
        """Write a table as CSV whose fields stay as they are."""
        table.write.mode("overwrite").csv(
            place, header=True, escape='"', quoteAll=True, ignoreLeadingWhiteSpace=False,
            ignoreTrailingWhiteSpace=False)


    # Ratings.


    def read(spark, place, settings):
        """Ratings with ids as text, from CSV with a header or from Parquet; those without stars go."""
        name = place.rstrip("/")
        if name.endswith("parquet") or has(spark, name + "/*.parquet"):
            table = spark.read.parquet(place)
        else:
            table = spark.read.csv(
                place, header=True, sep=settings.sep, escape='"', multiLine=bool(settings.multiline),
                ignoreLeadingWhiteSpace=False, ignoreTrailingWhiteSpace=False)
        names = settings.user, settings.item, settings.rating
        missing = [name for name in names if name not in table.columns]
        if missing:
            sys.exit(
                f"{place} has no column {', '.join(missing)}: it has {', '.join(table.columns)}")
        # Dots and blanks in a name are part of it.
        user, item, rating = (F.col("`" + name.replace("`", "``") + "`") for name in names)
        return table.select(
            user.cast("string").alias("user_id"), item.cast("string").alias("item_id"),
            rating.cast("double").alias("rating")).dropna(subset=["rating"])


    def held_out(share, seed):
        """Whether a rating is held out: chance, but the same wherever its row lies."""
        return F.pmod(F.xxhash64("user_id", "item_id", F.lit(seed)), F.lit(1_000_000)) < int(
            share * 1_000_000)


    def index(spark, table, name):
        """A whole number for each id."""
        rows = table.select(f"{name}_id").distinct().rdd.map(lambda row: row[0]).sortBy(
            lambda text: text).zipWithIndex()
        kind = StructType([StructField(f"{name}_id", StringType()), StructField(name, LongType())])
        return spark.createDataFrame(rows, kind).withColumn(name, F.col(name).cast("int")).cache()


    def near(table, rows, width=4):
        """A table to be joined, which is sent to everybody if it is small."""
        return F.broadcast(table) if rows * width <= SMALL else table


    def biases(ratings, stars, users, settings, counts, shrinkage, share):
        """The biases of users and items, one side after the other: a share of them is their penalty."""
        def side(name, other, known, shrinkage):
            left = stars if known is None else stars - F.coalesce(F.col(f"{other}_bias"), F.lit(0.0))
            table = ratings if known is None else ratings.join(near(known, counts[other]), other)
            return table.withColumn("left", left).groupBy(name).agg(
                (F.sum("left") / (F.count("left") * (1 + share) + shrinkage)).alias(f"{name}_bias")
            ).localCheckpoint()

        for _ in range(settings.rounds):
            items = side("item", "user", users, shrinkage["item"])
            users = side("user", "item", items, shrinkage["user"])
        return users, items


    def product():
        """The product of the factors in the columns p and q; nothing where there are none."""
        products = F.zip_with("p", "q", lambda x, y: x.cast("double") * y)
        return F.coalesce(F.aggregate(products, F.lit(0.0), lambda sum, x: sum + x), F.lit(0.0))


    def watch(spark, stages, say, first, last):
        """Say how far the factorisation has come: Spark runs a few stages an iteration."""
        tracker, seen, is_done = spark.sparkContext.statusTracker(), set(), threading.Event()

        def look():
            while not is_done.wait(0.5):
                seen.update(tracker.getActiveStageIds())
                say(first + (last - first) * min(1.0, len(seen) / stages))

        threading.Thread(target=look, daemon=True).start()
        return is_done


    def factorised(spark, ratings, mean, settings, counts, say):
        """Biases and factors of both sides, found twice: the second time on what the factors leave."""
        penalties = {"user": settings.reg_users, "item": settings.reg_items}, {"user": 0, "item": 0}
        table, users, stars = ratings, None, F.col("rating") - mean
        for number in range(2):
            say(0.1 + 0.4 * number)
            users, items = biases(
                table, stars, users, settings, counts, penalties[number], number * settings.reg)
            rest = ratings.join(near(users, counts["user"]), "user").join(
                near(items, counts["item"]), "item").select(
                "user", "item",
                (F.col("rating") - mean - F.col("user_bias") - F.col("item_bias")).alias("rest")).cache()
            iterations = settings.iterations if number else (settings.iterations + 1) // 2
            say(0.2 + 0.4 * number)
            done = watch(spark, 2 * iterations + 4, say, 0.2 + 0.4 * number, 0.5 + 0.4 * number)
            model = ALS(
                rank=settings.factors, maxIter=iterations, regParam=settings.reg, userCol="user",
                itemCol="item", ratingCol="rest", seed=settings.seed + number, checkpointInterval=10,
                coldStartStrategy="drop").fit(rest)
            done.set()
            rest.unpersist()
            if not number:
                first = users, items
                for name, letter, factors in [
                    ("user", "p", model.userFactors), ("item", "q", model.itemFactors)
                ]:
                    side = factors.select(F.col("id").alias(name), F.col("features").alias(letter))
                    table = table.join(near(side, counts[name], settings.factors + 4), name)
                table = table.select(
                    "user", "item", (F.col("rating") - mean - product()).alias("left")).cache()
                stars = F.col("left")
            else:
                found = {
                    "user": (users, first[0], model.userFactors),
                    "item": (items, first[1], model.itemFactors)}
        return found


    def side_table(ids, name, bias, first, factors):
        """A row an id: its number, its bias, that which was found first, and its factors."""
        table = ids.join(bias, name).join(first.withColumnRenamed(f"{name}_bias", "first"), name).join(
            factors.withColumnRenamed("id", name), name)
        return table.select(
            name, F.col(f"{name}_id").alias("id"), F.col(f"{name}_bias").alias("bias"), "first",
            "features")


    def errors(table, mean, sides, counts, factors):
        """How far predictions are from ratings: as they are, and within the scale of the ratings.

        Who is unknown has no bias and no factors. Where one side is, rmse and mae go by the biases that
        were found first.
        """
        low, high = sides["scale"]
        for name, letter in ("user", "p"), ("item", "q"):
            side = sides[name].select(
                F.col("id").alias(f"{name}_id"), F.col("bias").alias(f"{name}_bias"),
                F.col("first").alias(f"{name}_first"), F.col("features").alias(letter))
            table = table.join(near(side, counts[name], factors + 4), f"{name}_id", "left")
        nothing, is_known = F.lit(0.0), F.col("p").isNotNull() & F.col("q").isNotNull()
        by_model = mean + F.coalesce("user_bias", nothing) + F.coalesce("item_bias", nothing) + product()
        first = mean + F.coalesce("user_first", nothing) + F.coalesce("item_first", nothing)
        bounded = F.least(F.greatest(F.when(is_known, by_model).otherwise(first), F.lit(low)), F.lit(high))
        loss, square, absolute, rows = table.select(
            (F.col("rating") - by_model).alias("error"), (F.col("rating") - bounded).alias("bounded")
        ).agg(
            F.avg(F.col("error") * F.col("error")), F.avg(F.col("bounded") * F.col("bounded")),
            F.avg(F.abs("bounded")), F.count("error")).first()
        if not rows:
            return {"count": 0}
        return {"loss": loss, "rmse": square ** 0.5, "mae": absolute, "count": rows}


    def recommendations(spark, rated, mean, sides, count):
        """The best items for each user, of all that they have not rated."""
        rows = sides["item"].orderBy("item").collect()
        shared = spark.sparkContext.broadcast((
            [row["id"] for row in rows], {row["item"]: place for place, row in enumerate(rows)},
            numpy.array([row["bias"] for row in rows]),
            numpy.array([row["features"] for row in rows], dtype=numpy.float32)))

        def lists(users):
            ids, places, bias, factors = shared.value
            for user in users:
                scores = factors @ numpy.array(user["features"], dtype=numpy.float32) + bias
                scores[[places[item] for item in user["seen"] or [] if item in places]] = -numpy.inf
                best = numpy.argsort(-scores, kind="stable")[:count]
                for rank, place in enumerate(best[scores[best] > -numpy.inf]):
                    yield user["id"], ids[place], rank + 1, float(mean + user["bias"] + scores[place])

        seen = rated.groupBy("user").agg(F.collect_set("item").alias("seen"))
        return spark.createDataFrame(
            sides["user"].join(seen, "user", "left").rdd.mapPartitions(lists),
            StructType([
                StructField("user", StringType()), StructField("item", StringType()),
                StructField("rank", LongType()), StructField("prediction", DoubleType())]))


    def main():
        settings = arguments()
        say, start = sayer(settings), time.monotonic()
        spark = SparkSession.builder.appName("collab").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        # Where nobody has said how many, two hundred parts are many for one machine.
        if spark.sparkContext.master.startswith("local"):
            parts = 2 * spark.sparkContext.defaultParallelism
            spark.conf.set("spark.sql.shuffle.partitions", str(parts))
        # Without a folder the interval of checkpoints is silently ignored, and long lineages overflow.
        spark.sparkContext.setCheckpointDir(settings.checkpoint)
        # Whoever finds the old end would take what is half written for whole.
        remove(spark, f"{settings.out}/metrics.json")
        say(0.05)
        ready = time.monotonic()
        known = read(spark, settings.ratings, settings).dropna().cache()
        held = None
        if settings.validation and has(spark, settings.validation):
            held = read(spark, settings.validation, settings)
        elif settings.valid_pct > 0:
            is_held = held_out(settings.valid_pct, settings.seed)
            known, held = known.where(~is_held), known.where(is_held)
            # Nothing is predicted for those that all ratings were held out of.
            for name in "user_id", "item_id":
                held = held.join(known.select(name).distinct(), name, "left_semi")
            write(
                held.select(
                    F.col("user_id").alias(settings.user), F.col("item_id").alias(settings.item),
                    F.col("rating").alias(settings.rating)), f"{settings.out}/validation")
        users, items = index(spark, known, "user"), index(spark, known, "item")
        counts = {"user": users.count(), "item": items.count()}
        ratings = known.join(near(users, counts["user"]), "user_id").join(
            near(items, counts["item"]), "item_id").select("user", "item", "rating").cache()
        count, mean = ratings.agg(F.count("rating"), F.avg("rating")).first()
        if not count:
            sys.exit(f"{settings.ratings} has no ratings: a number in the column {settings.rating}")
        say(0.1)
        found = factorised(spark, ratings, mean, settings, counts, say)
        say(0.9)
        sides = {
            name: side_table(ids, name, *found[name]).cache()
            for name, ids in [("user", users), ("item", items)]}
        everything = known if held is None else known.union(held.select(known.columns))
        sides["scale"] = everything.agg(F.min("rating"), F.max("rating")).first()
        metrics = {"mean": mean, "factors": settings.factors}
        if settings.vocabulary:
            metrics["vocabulary"] = settings.vocabulary
        for part, rows in ("training", known), ("validation", held):
            if rows is not None:
                found = errors(rows, mean, sides, counts, settings.factors)
                metrics.update((f"{part}_{name}", value) for name, value in found.items())
        for name in "user", "item":
            table = sides[name]
            text = F.concat_ws(" ", F.transform("features", lambda x: x.cast("string")))
            write(table.select("id", "bias", text.alias("factors")), f"{settings.out}/factors/{name}s")
        if settings.top:
            # What was held out has been rated too.
            rated = everything.join(near(users, counts["user"]), "user_id").join(
                near(items, counts["item"]), "item_id")
            write(
                recommendations(spark, rated, mean, sides, settings.top),
                f"{settings.out}/recommendations")
        metrics["seconds_to_start"] = ready - start
        metrics["seconds"] = time.monotonic() - ready
        put(spark, f"{settings.out}/metrics.json", json.dumps(metrics, indent=1))
        remove(spark, settings.checkpoint)
        say(1.0)
        if not settings.progress:
            print(json.dumps(metrics, indent=1))
        spark.stop()


    if __name__ == "__main__":
        main()

    """#
}
