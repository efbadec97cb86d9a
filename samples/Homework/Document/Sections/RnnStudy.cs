/// <summary>Part 3a.</summary>
internal static class RnnStudy
{
    public const string Part = "3a";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        yield return new Block.Heading($"{Part}: the study of the RNN");
        foreach (var block in StudyBlocks.Of("rnn", folder, "rnn"))
        {
            yield return block;
        }

        var trials = folder.Trials("rnn", "base");
        if (trials.Count == 0)
        {
            yield break;
        }

        yield return new Block.Heading("The final RNN", IsPart: true);
        yield return FinalBlock.Sentence(trials);
        yield return FinalBlock.Settings(HomeworkFolder.Json(folder.Of("rnn", trials[0], "run.json")));
        yield return new Block.Pictures(
            HomeworkFolder.Illustration(
                folder.Of("rnn", trials[0], "curves.png"),
                "rnn_curves",
                $"The curves of seed {trials[0].Seed}."
            )
        );
        foreach (var block in RecurrentViews.Of(folder, "rnn", folder.Data("rnn", trials[0])))
        {
            yield return block;
        }
    }
}
