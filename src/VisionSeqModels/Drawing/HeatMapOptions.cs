using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>How a <see cref="HeatMap"/> is drawn.</summary>
public sealed record HeatMapOptions
{
    /// <summary>The title above the map; default none.</summary>
    public string? Title { get; init; }

    /// <summary>What the rows are, written beside them; default nothing.</summary>
    public string? RowTitle { get; init; }

    /// <summary>What the columns are, written below them; default nothing.</summary>
    public string? ColumnTitle { get; init; }

    /// <summary>A name for each row; default null: numbers from 0, as many as there is room for.</summary>
    public IReadOnlyList<string>? RowNames { get; init; }

    /// <summary>A name for each column; default null: numbers from 0, as many as there is room for.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>The colours; default null: <see cref="ColorMap.Diverging"/> where there are negative values, else
    /// <see cref="ColorMap.Sequential"/>.</summary>
    public ColorMap? Map { get; init; }

    /// <summary>Which values become the ends of the map; default null: symmetric about 0 where there are negative values,
    /// else from 0 to the largest.</summary>
    public ValueScale? Scale { get; init; }

    /// <summary>What the numbers are, for the colour bar; default nothing.</summary>
    public string? Meaning { get; init; }

    /// <summary>Width of a cell in pixels; default null: as large as makes the map about 560 pixels wide, from 3 to 48.</summary>
    public int? CellWidth { get; init; }

    /// <summary>Height of a cell in pixels; default null: as large as makes the map about 420 pixels high, from 3 to
    /// 48.</summary>
    public int? CellHeight { get; init; }

    /// <summary>A text in each cell, rows first; default none.</summary>
    public Func<int, int, string>? CellText { get; init; }

    /// <summary>An image shown at the left of the map; default none.</summary>
    public ImageTile? Image { get; init; }

    /// <summary>The upper size of the picture; default <see cref="PictureLimit.Default"/>.</summary>
    public PictureLimit Limit { get; init; } = PictureLimit.Default;

    /// <summary>The number of the first row without a name, and how far the next ones are from it.</summary>
    internal (int First, int Step) RowNumbers { get; init; } = (0, 1);

    /// <summary>The same for columns.</summary>
    internal (int First, int Step) ColumnNumbers { get; init; } = (0, 1);

    /// <summary>Lines below the title.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    internal void Validate(int rows, int columns) =>
        PictureLimit
            .Validate(new OptionFaults(nameof(HeatMapOptions)), Limit)
            .Require(RowNames is null || RowNames.Count == rows, nameof(RowNames), $"null or {rows} names", RowNames?.Count)
            .Require(
                ColumnNames is null || ColumnNames.Count == columns,
                nameof(ColumnNames),
                $"null or {columns} names",
                ColumnNames?.Count
            )
            .Require(CellWidth is null or (>= 1 and <= 256), nameof(CellWidth), "null or from 1 to 256", CellWidth)
            .Require(CellHeight is null or (>= 1 and <= 256), nameof(CellHeight), "null or from 1 to 256", CellHeight)
            .Require(Map is null || Enum.IsDefined(Map.Value), nameof(Map), "null, Sequential, Diverging or Grey", Map)
            .ThrowIfAny();
}
