using ScottPlot;

namespace VisionSeqModels.Drawing;

internal static class LegendExtensions
{
    /// <summary>A line of text in the legend, with a colour where it stands for something drawn.</summary>
    public static void Legend(this PlottableAdder add, string text, Color? color = null)
    {
        var item = new LegendItem
        {
            LabelText = text,
            FillColor = color ?? Colors.Transparent,
            LineWidth = 0,
        };
        add.Plot.Legend.ManualItems.Add(item);
    }
}
