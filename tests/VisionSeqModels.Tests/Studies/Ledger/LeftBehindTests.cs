using System.Diagnostics;
using System.Globalization;

namespace VisionSeqModels.Tests.Studies.Ledger;

public sealed class LeftBehindTests
{
    [SlurmFact]
    public void Servers_OfARunThatHasEnded_AreEnded_AndOthersGoOn()
    {
        using TempFolder own = new(),
            other = new();
        LeftBehind.Own(own);
        File.WriteAllText(other["owner"], int.MaxValue.ToString(CultureInfo.InvariantCulture)); // no process has this number
        using Process mine = Start(own),
            left = Start(other);
        try
        {
            LeftBehind.EndServers("visionseqd");

            Assert.True(left.WaitForExit(TimeSpan.FromMinutes(1)));
            Assert.False(mine.HasExited);
        }
        finally
        {
            mine.Kill();
            mine.WaitForExit();
        }
    }

    /// <summary>A program by the name of a server, that only waits.</summary>
    private static Process Start(TempFolder folder)
    {
        File.Copy("/usr/bin/tail", folder["visionseqd"]);
        File.WriteAllText(folder["log"], "");
        return Process.Start(new ProcessStartInfo(folder["visionseqd"], ["-f", folder["log"]]))!;
    }
}
