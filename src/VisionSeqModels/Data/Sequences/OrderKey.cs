namespace VisionSeqModels.Data;

/// <summary>A place in the order of a sequence: a number or a date.</summary>
internal readonly record struct OrderKey(double Number, long Ticks) : IComparable<OrderKey>
{
    public int CompareTo(OrderKey other)
    {
        int byNumber = Number.CompareTo(other.Number);
        return byNumber != 0 ? byNumber : Ticks.CompareTo(other.Ticks);
    }
}
