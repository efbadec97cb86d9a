using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>Who ran which trial of a study over a ledger: the claims of its workers in order, with the promotions of successive
/// halving, and the machines.</summary>
internal sealed class StudyWorkers
{
    public const string Title = "Workers";
    private const int Most = 500;

    public StudyWorkers(StudySummary summary)
    {
        var claims = summary
            .Trials.SelectMany(trial => trial.Claims.Select((claim, i) => (Trial: trial, Claim: claim, Number: i)))
            .OrderBy(entry => entry.Claim.Time)
            .ThenBy(entry => entry.Trial.Folder, StringComparer.Ordinal)
            .ThenBy(entry => entry.Claim.Token)
            .ToList();
        List<WorkerMachine> machines = [.. claims.Select(entry => entry.Claim.Machine).Distinct()];
        int workers = claims.Select(entry => entry.Claim.Worker).Distinct(StringComparer.Ordinal).Count();
        Sentences = claims.Count == 0 ? [] : [.. Said(summary, machines, workers, claims.Count)];
        bool differ = machines.Count > 1;
        Columns = ["claim", "time (UTC)", "trial", "worker", .. differ ? (string[])["machine"] : [], "what"];
        Cells =
        [
            .. claims
                .Take(Most)
                .Select(
                    (entry, i) =>
                        (IReadOnlyList<string>)
                            [
                                Invariant($"{i + 1}"),
                                entry.Claim.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                                summary.NameOf(entry.Trial),
                                entry.Claim.Worker,
                                .. differ ? (string[])[Letter(machines.IndexOf(entry.Claim.Machine))] : [],
                                What(summary.File.Halving, entry.Trial.Claims, entry.Number),
                            ]
                ),
        ];
    }

    /// <summary>How many workers and machines there were, and what follows; none for a study without a ledger.</summary>
    public IReadOnlyList<string> Sentences { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>A row a claim, in the order of the ledger's clock.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cells { get; }

    /// <summary>Adds the section to a page; nothing for a study without a ledger.</summary>
    public void AddTo(ReportPage page)
    {
        if (Sentences.Count > 0)
        {
            page.Section(Title);
            foreach (string sentence in Sentences)
            {
                page.Paragraph(sentence);
            }

            page.Table(new PageTable(Columns, Cells) { HasTools = true });
        }
    }

    private static IEnumerable<string> Said(StudySummary summary, List<WorkerMachine> machines, int workers, int claims)
    {
        yield return $"{DisplayText.Count(workers, "worker")} made {DisplayText.Count(claims, "claim")}, on "
            + (
                machines is [var only]
                    ? $"machines of one kind: {only}."
                    : Invariant($"machines of {machines.Count} kinds: ")
                        + $"{string.Join("; ", machines.Select((machine, i) => $"{Letter(i)} is {machine}"))}."
            );
        if (machines.Count > 1)
        {
            string[] mixed = [.. summary.Trials.Where(trial => trial.Machines.Count > 1).Select(summary.NameOf)];
            yield return "Machines of different kinds give other bits for the same trial."
                + (mixed.Length == 0 ? "" : $" Trials that ran on several kinds: {DisplayText.Names(mixed)}.");
        }

        if (summary.File.Halving is not null)
        {
            yield return "Which trials were promoted depends on what had ended by then, and so on the order below. The bits of a "
                + "trial do not.";
        }

        if (claims > Most)
        {
            yield return Invariant($"Here are the first {Most:n0} claims; study.json has all of them.");
        }
    }

    /// <summary>What a claim was made for.</summary>
    private static string What(SuccessiveHalvingOptions? halving, IReadOnlyList<LedgerClaim> claims, int number)
    {
        int? until = claims[number].UntilEpoch ?? halving?.MaximumEpochs;
        return claims.Take(number).Any(before => before.UntilEpoch == claims[number].UntilEpoch) ? "resumed"
            : until is null ? "begun"
            : Invariant($"{(number == 0 ? "begun, until" : "promoted to")} epoch {until}");
    }

    /// <summary>A, B, …, Z, AA, AB, ….</summary>
    private static string Letter(int number) =>
        number < 26 ? $"{(char)('A' + number)}" : Letter((number / 26) - 1) + Letter(number % 26);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
