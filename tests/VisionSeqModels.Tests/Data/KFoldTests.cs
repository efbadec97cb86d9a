using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class KFoldTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachSample_IsHeldOutByExactlyOneFold_AndFoldsDifferByOneAtMost() =>
        Gen.Select(Gen.Int[0, 6].Array[2, 200], Gen.Int[2, 12], Gen.Long, Gen.Bool)
            .Where((labels, folds, _, _) => folds <= labels.Length)
            .Sample(
                (labels, folds, seed, stratified) =>
                {
                    int[] foldOf = KFold.Of(labels.Length, stratified ? labels : null, null, folds, seed);
                    Assert.Equal(labels.Length, foldOf.Length);
                    Assert.All(foldOf, fold => Assert.InRange(fold, 0, folds - 1));
                    Assert.InRange(Spread(Counts(foldOf, folds, _ => true)), 0, 1);
                    foreach (int label in stratified ? labels.Distinct() : [])
                    {
                        Assert.InRange(Spread(Counts(foldOf, folds, sample => labels[sample] == label)), 0, 1);
                    }

                    Assert.Equal(foldOf, KFold.Of(labels.Length, stratified ? labels : null, null, folds, seed));
                },
                iter: 500
            );

    [Fact]
    public void Group_IsNeverOnBothSides_AndNoFoldIsEmpty() =>
        Gen.Select(Gen.Int[0, 3].Array[2, 120], Gen.Int[2, 30], Gen.Int[2, 8], Gen.Long, Gen.Bool)
            .Sample(
                (labels, groupCount, folds, seed, stratified) =>
                {
                    var random = new Random(unchecked((int)seed));
                    long[] groups = [.. labels.Select(_ => (long)random.Next(groupCount) * 1000)];
                    if (groups.Distinct().Count() < folds)
                    {
                        return;
                    }

                    int[] foldOf = KFold.Of(labels.Length, stratified ? labels : null, groups, folds, seed);
                    Assert.All(
                        groups.Distinct(),
                        group => Assert.Single(foldOf.Where((_, sample) => groups[sample] == group).Distinct())
                    );
                    Assert.Equal(folds, foldOf.Distinct().Count());
                    Assert.Equal(foldOf, KFold.Of(labels.Length, stratified ? labels : null, groups, folds, seed));
                },
                iter: 500
            );

    [Fact]
    public void AnotherSeed_GivesOtherFolds() =>
        Assert.Equal(
            50,
            Enumerable.Range(0, 50).Select(seed => string.Concat(KFold.Of(60, null, null, 3, seed))).Distinct().Count()
        );

    /// <summary>The result is the same on every system and in every version: a study may be extended years later.</summary>
    [Fact]
    public void Folds_OfASeed_StayWhatTheyAre() =>
        Assert.Equal(
            "13321032300100112322",
            string.Concat(KFold.Of(20, [.. Enumerable.Range(0, 20).Select(i => i * i % 3)], null, 4, seed: 7))
        );

    [Fact]
    public void FoldsOfImages_ArePartsWithoutACopy_InStoredOrder()
    {
        using var images = Images(60);
        var folds = images.Train.Folds(4, seed: 3);
        Assert.Equal(4, folds.Count);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), folds.SelectMany(fold => fold.HeldOut.Indices).Order());
        Assert.All(
            folds,
            fold =>
            {
                Assert.Same(images.Train, fold.Train.Source);
                Assert.Equal(fold.Train.Indices.Order(), fold.Train.Indices);
                Assert.Equal(60, fold.Train.Indices.Union(fold.HeldOut.Indices).Count());
                Assert.Empty(fold.Train.Indices.Intersect(fold.HeldOut.Indices));
            }
        );
    }

    [Fact]
    public void MoreFoldsThanImagesOrGroups_AreRefused()
    {
        using var images = Images(10);
        Assert.Contains(
            "11 folds of 'synthetic' need at least as many images, but there are 10.",
            Assert.Throws<ArgumentException>(() => images.Train.Folds(11)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "3 folds of 'synthetic' need at least as many groups, but there are 2.",
            Assert.Throws<ArgumentException>(() => images.Train.Folds(3, group: index => index % 2)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Train.Folds(1));
    }

    /// <summary>The counts of each class in each fold are scikit-learn's StratifiedKFold's. With groups the folds are as even as
    /// those of its StratifiedGroupKFold and GroupKFold, or more so.</summary>
    [ScikitLearnTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Folds_AreAsEvenAsScikitLearns(int seed)
    {
        var random = new Random(seed);
        var cases = new JsonArray();
        for (int i = 0; i < 60; i++)
        {
            int folds = random.Next(2, 7),
                classes = random.Next(1, 6),
                groups = random.Next(folds, 40);
            int[] labels = [.. Enumerable.Range(0, random.Next(60, 200)).Select(_ => random.Next(1 + random.Next(classes)))];
            long[] groupOf = [.. labels.Select((_, at) => (long)(at < groups ? at : random.Next(groups)))];
            cases.Add(
                new JsonObject
                {
                    ["folds"] = folds,
                    ["labels"] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]),
                    ["groups"] = new JsonArray([.. groupOf.Select(group => JsonValue.Create(group))]),
                }
            );
        }

        File.WriteAllText(_folder["cases.json"], cases.ToJsonString());
        PyTorch.Run(
            _folder.Root,
            """
            import json, warnings, numpy
            from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, StratifiedKFold
            warnings.simplefilter("ignore")
            out = []
            for case in json.load(open("cases.json")):
                y, groups, k = numpy.array(case["labels"]), numpy.array(case["groups"]), case["folds"]
                def counts(splitter):
                    try:
                        return [[int((y[held] == c).sum()) for c in range(6)] for _, held in splitter.split(y, y, groups)]
                    except ValueError:
                        return None
                out.append({"plain": counts(StratifiedKFold(k)), "grouped": counts(StratifiedGroupKFold(k)),
                            "sizes": counts(GroupKFold(k))})
            json.dump(out, open("answers.json", "w"))
            """
        );
        var answers = JsonNode.Parse(File.ReadAllText(_folder["answers.json"]))!.AsArray();
        int compared = 0;
        foreach (var (one, answer) in cases.Zip(answers))
        {
            int[] labels = [.. one!["labels"]!.AsArray().Select(label => (int)label!)];
            long[] groups = [.. one["groups"]!.AsArray().Select(group => (long)group!)];
            int folds = (int)one["folds"]!;
            if (Table(answer!["plain"]) is { } plain)
            {
                Assert.Equal(plain, Table(KFold.Of(labels.Length, labels, null, folds, seed), labels, folds));
                compared++;
            }

            if (Table(answer["grouped"]) is { } grouped)
            {
                double own = Unevenness(Table(KFold.Of(labels.Length, labels, groups, folds, seed), labels, folds));
                Assert.InRange(own, 0, (1.5 * Unevenness(grouped)) + 0.05);
                compared++;
            }

            double SizeSpread(int[][] table) => Spread([.. table.Select(fold => fold.Sum())]);
            Assert.Equal(
                SizeSpread(Table(answer["sizes"])!),
                SizeSpread(Table(KFold.Of(labels.Length, null, groups, folds, seed), labels, folds))
            );
        }

        Assert.True(compared > 100, compared.ToString(CultureInfo.InvariantCulture));
    }

    private static int[][]? Table(JsonNode? node) =>
        (node as JsonArray)?.Select(row => row!.AsArray().Select(count => (int)count!).ToArray()).ToArray();

    private static int[][] Table(int[] foldOf, int[] labels, int folds) =>
        [
            .. Enumerable
                .Range(0, folds)
                .Select(fold =>
                    Enumerable
                        .Range(0, 6)
                        .Select(label => labels.Where((l, i) => l == label && foldOf[i] == fold).Count())
                        .ToArray()
                ),
        ];

    /// <summary>How much the folds' fractions of a class differ, on average over the classes.</summary>
    private static double Unevenness(int[][] table) =>
        Enumerable
            .Range(0, 6)
            .Where(label => table.Sum(fold => fold[label]) > 0)
            .Average(label =>
            {
                double total = table.Sum(fold => fold[label]);
                double mean = 1.0 / table.Length;
                return Math.Sqrt(table.Average(fold => Math.Pow((fold[label] / total) - mean, 2)));
            });

    private static int[] Counts(int[] foldOf, int folds, Func<int, bool> counts) =>
        [.. Enumerable.Range(0, folds).Select(fold => foldOf.Where((own, sample) => own == fold && counts(sample)).Count())];

    private static int Spread(int[] counts) => counts.Max() - counts.Min();

    private static ImageDatasets Images(int count) =>
        SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = count,
                TestCount = 8,
                Size = 16,
            }
        );
}
