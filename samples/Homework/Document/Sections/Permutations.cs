/// <summary>Part 3c: images with their rows, or their pixels, in another order.</summary>
internal static class Permutations
{
    private static readonly (string Study, string What)[] Orders = [("permuted-rows", "rows"), ("permuted-pixels", "pixels")];

    public static IEnumerable<Block> Of(HomeworkFolder folder, IReadOnlyList<Contestant> models)
    {
        yield return new Block.Heading("Rows and pixels in another order", IsPart: true);
        yield return new Block.Paragraph(
            "All images, for training and for test, get their rows or their pixels in one other order, which is drawn once. No "
                + "value is lost; only neighbours are. Accuracies are compared after the same number of epochs."
        );
        foreach (var (study, what) in Orders)
        {
            var changes = models
                .Select(model => (model.Name, Change: model.Change(study)))
                .Where(entry => entry.Change.Values.Count > 0)
                .ToList();
            if (changes.Count > 0)
            {
                yield return new Block.Paragraph($"Permuted {what}: {Answer(changes)}");
            }
        }

        yield return new Block.Table(
            ["order", "model", "as they are", "permuted", "difference"],
            [
                .. from order in Orders
                from model in models
                where model.Change(order.Study).Values.Count > 0
                select (string[])
                    [
                        $"permuted {order.What}",
                        model.Name,
                        model.Plain(order.Study).Text,
                        model.Permuted(order.Study).Text,
                        model.Change(order.Study).Difference,
                    ],
            ]
        );
    }

    private static string Answer(IReadOnlyList<(string Name, Spread Change)> changes) =>
        string.Join("; ", changes.OrderBy(entry => entry.Change.Mean).Select(Text)) + ".";

    private static string Text((string Name, Spread Change) entry)
    {
        var (name, change) = entry;
        string what =
            change.Values.All(value => value < 0) ? "loses for every seed"
            : change.Values.All(value => value > 0) ? "gains for every seed"
            : "loses for some seeds and gains for others";
        return $"{name} {what} ({change.Difference})";
    }
}
