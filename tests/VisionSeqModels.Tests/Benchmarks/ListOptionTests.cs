using System.CommandLine;
using VisionSeqModels.Benchmarks;

namespace VisionSeqModels.Tests.Benchmarks;

public sealed class ListOptionTests
{
    private static readonly string[] Models = ["lenet", "rnn", "lstm"];

    [Theory]
    [InlineData("--models lenet,lstm")]
    [InlineData("--models lenet lstm")]
    [InlineData("--models lenet --models lstm")]
    [InlineData("--models=lenet --models lstm,lenet")]
    public void EveryForm_GivesAllValues(string line) => Assert.Equal(["lenet", "lstm"], Names(line));

    [Fact]
    public void WithoutIt_TheStandardStands() => Assert.Equal(Models, Names(""));

    [Theory]
    [InlineData("--models lenet --models gru", "gru")]
    [InlineData("--models lenet,", "''")]
    [InlineData("--models", "--models")]
    public void WhatIsNoName_IsRefused(string line, string named)
    {
        var errors = Parse(ListOption.Of("--models", "Which", Models, Models), line).Errors;
        Assert.Contains(errors, error => error.Message.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_AreWholeAndAboveZero()
    {
        var option = ListOption.Of("--threads", "Threads", 2);
        Assert.Equal([1, 2], Parse(option, "--threads 1 --threads 2").GetValue(option)!);
        Assert.Equal([2], Parse(option, "").GetValue(option)!);
        Assert.NotEmpty(Parse(option, "--threads 0").Errors);
        Assert.NotEmpty(Parse(option, "--threads 1,x").Errors);
    }

    private static string[] Names(string line)
    {
        var option = ListOption.Of("--models", "Which", Models, Models);
        var result = Parse(option, line);
        Assert.Empty(result.Errors);
        return result.GetValue(option)!;
    }

    private static ParseResult Parse(Option option, string line) => new RootCommand { option }.Parse(line);
}
