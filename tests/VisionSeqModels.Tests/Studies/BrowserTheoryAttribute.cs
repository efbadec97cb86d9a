namespace VisionSeqModels.Tests.Studies;

/// <summary>A test that needs a browser.</summary>
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = "No Chromium, Chrome or Edge is on the PATH.";
        }
    }
}
