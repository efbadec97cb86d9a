namespace VisionSeqModels.Tests;

/// <summary>A test in a real browser, which is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Browser.Path is null)
        {
            Skip = "No chromium, google-chrome or msedge is on PATH.";
        }
    }
}
