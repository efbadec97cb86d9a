/// <summary>Part 1b.</summary>
internal static class LeNetStudy
{
    public const string Part = "1b";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        return [new Block.Heading($"{Part}: the study of LeNet"), .. StudyBlocks.Of("lenet", folder, "lenet")];
    }
}
