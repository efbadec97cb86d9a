using System.Globalization;

namespace VisionSeqModels.Training;

/// <summary>The few best epochs so far. NaN and infinities never enter; of equals the earlier stays.</summary>
internal sealed class TopEpochs(bool higherIsBetter, int limit)
{
    private readonly List<(double Value, int Epoch)> _entries = [];

    /// <summary>Takes the epoch in if it is among the best.</summary>
    /// <param name="value">Its metric.</param>
    /// <param name="epoch">Its number.</param>
    /// <param name="fallen">The epoch that is no longer among them, if any.</param>
    public bool TryEnter(double value, int epoch, out int? fallen)
    {
        fallen = null;
        if (limit == 0 || !double.IsFinite(value))
        {
            return false;
        }

        _entries.Add((value, epoch));
        _entries.Sort(
            (a, b) =>
                a.Value != b.Value
                    ? (higherIsBetter ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value))
                    : a.Epoch.CompareTo(b.Epoch)
        );
        if (_entries.Count <= limit)
        {
            return true;
        }

        int last = _entries[^1].Epoch;
        _entries.RemoveAt(_entries.Count - 1);
        fallen = last == epoch ? null : last;
        return last != epoch;
    }

    public void SaveTo(CallbackState state) =>
        state.Set(
            "top",
            string.Join(
                ';',
                _entries.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Epoch}:{entry.Value:r}"))
            )
        );

    public void LoadFrom(CallbackState state)
    {
        _entries.Clear();
        foreach (
            string[] entry in (state.GetText("top") ?? "")
                .Split(';', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => text.Split(':'))
        )
        {
            _entries.Add(
                (double.Parse(entry[1], CultureInfo.InvariantCulture), int.Parse(entry[0], CultureInfo.InvariantCulture))
            );
        }
    }
}
