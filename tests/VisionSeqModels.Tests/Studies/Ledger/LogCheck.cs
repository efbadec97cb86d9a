using System.Text.Json.Nodes;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Checks a trial's log by the rules as they are documented, without the library: by the bare entries, in their
/// order.</summary>
internal static class LogCheck
{
    /// <summary>What a log breaks; nothing where it is sound.</summary>
    /// <param name="entries">The entries' texts, from number 1 on.</param>
    public static IEnumerable<string> Faults(IReadOnlyList<string> entries)
    {
        long newest = 0;
        bool isOpen = false,
            isOver = false;
        for (int number = 1; number <= entries.Count; number++)
        {
            var entry = JsonNode.Parse(entries[number - 1])!;
            string kind = (string)entry["kind"]!;
            long token = (long)entry["token"]!;
            if (isOver)
            {
                yield return $"entry {number} ({kind}) comes after the trial's end";
            }

            if (kind == "claimed")
            {
                if (token <= newest)
                {
                    yield return $"entry {number} claims with the token {token}, after {newest}";
                }

                (newest, isOpen) = (token, true);
                continue;
            }

            if (token != newest)
            {
                yield return $"entry {number} ({kind}) was accepted with the old token {token}, while {newest} was the newest";
            }

            if (!isOpen)
            {
                yield return $"entry {number} ({kind}) was accepted for a claim that was over";
            }

            isOpen = kind == "published";
            isOver = kind is "completed" or "failed";
        }
    }

    /// <summary>How often an entry of a kind is in a log.</summary>
    public static int Count(IEnumerable<string> entries, string kind) =>
        entries.Count(entry => (string)JsonNode.Parse(entry)!["kind"]! == kind);

    /// <summary>The logs of a folder ledger: for each trial its entries.</summary>
    public static Dictionary<string, string[]> Logs(string ledger) =>
        Directory
            .EnumerateDirectories(Path.Combine(ledger, "trials"))
            .ToDictionary(
                log => Path.GetFileName(log),
                log =>
                    Directory
                        .EnumerateDirectories(log)
                        .Order(StringComparer.Ordinal)
                        .Select(entry => File.ReadAllText(Path.Combine(entry, "entry.json")))
                        .ToArray()
            );
}
