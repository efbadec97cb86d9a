using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class TrialLinksTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TrialResult _trial = Trial("a", 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Trial_LeadsToItsReport_ElseToItsFolder_ElseNowhere()
    {
        var links = new TrialLinks(_folder.Root);
        Assert.Equal((null, null), (links.Of(_trial), links.FolderOf(_trial)));
        Directory.CreateDirectory(_folder["a-1"]);
        Assert.Equal(("a-1/", "a-1/"), (links.Of(_trial), links.FolderOf(_trial)));
        File.WriteAllText(_folder["a-1/report.html"], "");
        Assert.Equal(("a-1/report.html", "a-1/"), (links.Of(_trial), links.FolderOf(_trial)));
    }

    [Fact]
    public void File_IsThereOrNot()
    {
        var links = new TrialLinks(_folder.Root);
        string path = Path.Combine(_folder.Root, "a-1", "x.png");
        Assert.Equal(
            (null, path),
            (links.PathOf(_trial, "x.png", mustExist: true), links.PathOf(_trial, "x.png", mustExist: false))
        );
        Directory.CreateDirectory(_folder["a-1"]);
        File.WriteAllText(path, "");
        Assert.Equal(path, links.PathOf(_trial, "x.png", mustExist: true));
    }

    [Fact]
    public void StudyWithoutAFolder_HasNoLinks()
    {
        var links = new TrialLinks(null);
        Assert.Equal((null, null), (links.Of(_trial), links.FolderOf(_trial)));
        Assert.Equal((null, null), (links.PathOf(_trial, "x", mustExist: true), links.PathOf(_trial, "x", mustExist: false)));
    }
}
