/// The program that Spark runs: one file, which needs PySpark and nothing else.
enum SparkJob {
  /// Its text, `job.py` in a hand-off.
  ///
  /// Spark's `ALS` has the penalty of Zhou et al. (2008): λ times the number of ratings.
  static let text = #"""
    """Factorise ratings with Spark MLlib's alternating least squares.

        spark-submit job.py

    reads `ratings` (and `validation`, if it is there) beside this file and writes, for
    `load_learner` of Collab,

        factors/users, factors/items   CSV: id, bias, the factors with blanks between them
        metrics.json                   written last: it is complete when this is there

    Nothing but PySpark is needed. A prediction is

        mean + bias of the user + bias of the item + product of their factors

    where the biases are found first, each drawn to zero as by so many ratings of the mean, and the
    factors then by ALS-WR on what the biases leave: the penalty of a user or item is reg times the
    number of its ratings.
    """

    import argparse
    import json
    import os
    import shutil
    import sys
    import threading

    from pyspark.ml.recommendation import ALS
    from pyspark.sql import SparkSession, functions as F
    from pyspark.sql.window import Window
    from pyspark.sql.types import DoubleType, LongType, StringType, StructField, StructType

    HERE = os.path.dirname(os.path.abspath(__file__))


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
        add("out", str, HERE, "folder or address that takes factors and metrics")
        add("checkpoint", str, os.path.join(HERE, "checkpoint"), "where Spark cuts its lineages")
        add("user", str, "user", "column of users")
        add("item", str, "item", "column of items")
        add("rating", str, "rating", "column of ratings")
        add("factors", int, 50, "numbers that describe each user and item")
        add("reg", float, 0.1, "lambda: how strongly factors are drawn to zero")
        add("iterations", int, 10, "iterations of ALS")
        add("reg-users", float, 15.0, "draws biases of users to zero")
        add("reg-items", float, 10.0, "draws biases of items to zero")
        add("rounds", int, 10, "how often the biases of each side are found anew")
        add("seed", int, 42, "what random factors begin with")
        add("top", int, 0, "write so many recommendations for every user")
        return parser.parse_args()


    def say(part):
        """Tell whoever has started this how much is done."""
        print(f"collab-progress {part:.3f}", flush=True)


    def read(spark, place, names):
        """Ratings with ids as text, from CSV with a header or from Parquet."""
        if place.endswith(".parquet") or place.rstrip("/").endswith("parquet"):
            table = spark.read.parquet(place)
        else:
            table = spark.read.csv(place, header=True, escape='"', multiLine=True)
        missing = [name for name in names if name not in table.columns]
        if missing:
            sys.exit(f"{place} has no column {', '.join(missing)}: it has {', '.join(table.columns)}")
        user, item, rating = names
        return table.select(
            F.col(user).cast("string").alias("user_id"), F.col(item).cast("string").alias("item_id"),
            F.col(rating).cast("double").alias("rating")).dropna()


    def index(spark, table, name):
        """A whole number for each id."""
        rows = table.select(f"{name}_id").distinct().rdd.map(lambda row: row[0]).sortBy(
            lambda text: text).zipWithIndex()
        kind = StructType([StructField(f"{name}_id", StringType()), StructField(name, LongType())])
        return spark.createDataFrame(rows, kind).withColumn(name, F.col(name).cast("int"))


    def biases(spark, ratings, mean, settings):
        """The biases of users and items, one side after the other."""
        def none(name):
            kind = StructType([StructField(name, LongType()), StructField(f"{name}_bias", DoubleType())])
            return spark.createDataFrame([], kind)

        def side(name, other, known, shrinkage):
            left = ratings.join(known, other, "left").withColumn(
                "left", F.col("rating") - mean - F.coalesce(F.col(f"{other}_bias"), F.lit(0.0)))
            return left.groupBy(name).agg(
                (F.sum("left") / (F.count("left") + shrinkage)).alias(f"{name}_bias")).localCheckpoint()

        users, items = none("user"), none("item")
        for number in range(settings.rounds):
            items = side("item", "user", users, settings.reg_items)
            users = side("user", "item", items, settings.reg_users)
            say(0.1 + 0.3 * (number + 1) / settings.rounds)
        return users, items


    def watch(spark, settings):
        """Say how far the factorisation has come: Spark runs a few stages an iteration."""
        tracker, seen, isDone = spark.sparkContext.statusTracker(), set(), threading.Event()

        def look():
            while not isDone.wait(0.5):
                seen.update(tracker.getActiveStageIds())
                say(0.4 + 0.5 * min(1.0, len(seen) / (2 * settings.iterations + 4)))

        threading.Thread(target=look, daemon=True).start()
        return isDone


    def write(table, id_name, bias_name, place):
        table.select(
            F.col(id_name).alias("id"), F.coalesce(F.col(bias_name), F.lit(0.0)).alias("bias"),
            F.concat_ws(" ", F.transform("features", lambda x: x.cast("string"))).alias("factors")
        ).write.mode("overwrite").csv(
            place, header=True, escape='"', quoteAll=True, ignoreLeadingWhiteSpace=False,
            ignoreTrailingWhiteSpace=False)


    def main():
        settings = arguments()
        spark = SparkSession.builder.appName("collab").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        # Without a folder the interval of checkpoints is silently ignored, and long lineages overflow.
        spark.sparkContext.setCheckpointDir(settings.checkpoint)
        say(0.05)
        names = (settings.user, settings.item, settings.rating)
        table = read(spark, settings.ratings, names)
        users, items = index(spark, table, "user").cache(), index(spark, table, "item").cache()
        ratings = table.join(users, "user_id").join(items, "item_id").select(
            "user", "item", "rating").cache()
        count, mean = ratings.agg(F.count("rating"), F.avg("rating")).first()
        if not count:
            sys.exit(f"{settings.ratings} has no ratings")
        say(0.1)
        user_bias, item_bias = biases(spark, ratings, mean, settings)
        rest = ratings.join(user_bias, "user").join(item_bias, "item").select(
            "user", "item",
            (F.col("rating") - mean - F.col("user_bias") - F.col("item_bias")).alias("rest")).cache()
        done = watch(spark, settings)
        model = ALS(
            rank=settings.factors, maxIter=settings.iterations, regParam=settings.reg, userCol="user",
            itemCol="item", ratingCol="rest", seed=settings.seed, checkpointInterval=10,
            coldStartStrategy="drop").fit(rest)
        done.set()
        say(0.9)

        def predictions(table):
            known = table.join(users, "user_id", "left").join(items, "item_id", "left")
            known = known.join(user_bias, "user", "left").join(item_bias, "item", "left")
            known = known.join(
                model.userFactors.select(F.col("id").alias("user"), F.col("features").alias("p")),
                "user", "left").join(
                model.itemFactors.select(F.col("id").alias("item"), F.col("features").alias("q")),
                "item", "left")
            product = F.aggregate(
                F.zip_with("p", "q", lambda x, y: x * y), F.lit(0.0), lambda sum, x: sum + x)
            return known.select(
                "rating", (F.lit(mean) + F.coalesce("user_bias", F.lit(0.0)) + F.coalesce(
                    "item_bias", F.lit(0.0)) + F.coalesce(product, F.lit(0.0))).alias("prediction"))

        def errors(table):
            error = F.col("rating") - F.col("prediction")
            square, absolute, rows = predictions(table).agg(
                F.avg(error * error), F.avg(F.abs(error)), F.count("rating")).first()
            return rows and {"rmse": square ** 0.5, "mae": absolute, "count": rows} or {"count": 0}

        metrics = {"mean": mean, "factors": settings.factors}
        parts = {"training": table}
        if settings.validation and has(spark, settings.validation):
            parts["validation"] = read(spark, settings.validation, names)
        for part, rows in parts.items():
            metrics.update((f"{part}_{name}", value) for name, value in errors(rows).items())
        out = settings.out.rstrip("/")
        for name, ids, bias, factors in [
            ("user", users, user_bias, model.userFactors), ("item", items, item_bias, model.itemFactors)
        ]:
            table = ids.join(bias, name, "left").join(
                factors.withColumnRenamed("id", name), name)
            write(table, f"{name}_id", f"{name}_bias", f"{out}/factors/{name}s")
        if settings.top:
            recommend(users, items, item_bias, model, settings.top, f"{out}/recommendations")
        put(spark, f"{out}/metrics.json", json.dumps(metrics, indent=1))
        say(1.0)
        spark.stop()
        if os.path.isdir(settings.checkpoint):
            shutil.rmtree(settings.checkpoint, ignore_errors=True)


    def recommend(users, items, item_bias, model, count, place):
        """The best items for each user: the bias of an item is a factor whose counterpart is 1."""
        best = model.recommendForAllUsers(10 * count).select(
            "user", F.explode("recommendations").alias("one")).select(
            "user", F.col("one.item").alias("item"), F.col("one.rating").alias("match"))
        scored = best.join(item_bias, "item").withColumn("score", F.col("match") + F.col("item_bias"))
        order = Window.partitionBy("user").orderBy(F.col("score").desc(), "item")
        scored.withColumn("rank", F.row_number().over(order)).where(F.col("rank") <= count).join(
            users, "user").join(items, "item").select("user_id", "item_id", "rank", "score").write.mode(
            "overwrite").csv(
            place, header=True, escape='"', quoteAll=True, ignoreLeadingWhiteSpace=False,
            ignoreTrailingWhiteSpace=False)


    def path(spark, place):
        jvm = spark.sparkContext._jvm
        place = jvm.org.apache.hadoop.fs.Path(place)
        return place, place.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())


    def has(spark, place):
        where, system = path(spark, place)
        return system.exists(where)


    def put(spark, place, text):
        """Write a small file wherever Spark can write."""
        where, system = path(spark, place)
        stream = system.create(where, True)
        stream.write(bytearray(text.encode("utf-8")))
        stream.close()


    if __name__ == "__main__":
        main()

    """#
}
