namespace VisionSeqModels.Drawing;

/// <summary>Draws a table of numbers as colours, with names, a colour bar, and its scale written on it.</summary>
public static class HeatMap
{
    /// <summary>Draws a table of numbers.</summary>
    /// <param name="values">The numbers, <c>[rows, columns]</c>, at least one; the first row is drawn at the top.
    /// Not-a-number is drawn in magenta.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no number, or the options do not fit the table.</exception>
    public static Picture Draw(double[,] values, HeatMapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        options ??= new HeatMapOptions();
        options.Validate(values.GetLength(0), values.GetLength(1));
        if (values.Length == 0)
        {
            throw new ArgumentException(
                $"A heat map needs at least one number, but the table is {values.GetLength(0)} by {values.GetLength(1)}.",
                nameof(values)
            );
        }

        return new HeatMapDrawing(values, options).Draw();
    }
}
