namespace VisionSeqModels.Tests;

/// <summary>A theory in a pseudo-terminal, which is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PseudoTerminalTheoryAttribute : TheoryAttribute
{
    public PseudoTerminalTheoryAttribute()
    {
        if (!PseudoTerminal.IsThere)
        {
            Skip = PseudoTerminal.Missing;
        }
    }
}
