namespace VisionSeqModels.Drawing;

/// <summary>How one of several lines looks: its colour, its marker and its dashes, in PNG and SVG alike.</summary>
/// <param name="Color">The colour's number in <see cref="ChartPalette"/>.</param>
/// <param name="Marker">The marker's number in <see cref="ChartMarkers"/>.</param>
/// <param name="Dash">The number of its dashes in <see cref="ChartPalette.Dashes"/>.</param>
internal readonly record struct ChartLook(int Color, int Marker, int Dash)
{
    /// <summary>The look of a line by its number: neighbours differ in colour and marker; where the colours begin again, lines
    /// of one colour differ in marker and dashes. 32 looks in all.</summary>
    public static ChartLook Of(int number)
    {
        int colors = ChartPalette.Light.Count,
            round = number / colors;
        return new ChartLook(number % colors, (number + round) % ChartMarkers.Count, round % ChartPalette.Dashes.Count);
    }
}
