using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace VisionSeqModels.Data;

/// <summary>Reads the rows of a table into sequences.</summary>
internal sealed class TableReader(SequenceTableOptions options, TableFaults faults)
{
    private readonly Dictionary<string, TableSeries> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(options.MissingTexts, StringComparer.OrdinalIgnoreCase);
    private TableColumns _columns = null!;
    private bool _datesAreOrder;
    private int _line;

    /// <summary>The columns that were found.</summary>
    public TableColumns Columns => _columns;

    /// <summary>The sequences, in the order in which they begin in the file.</summary>
    public IReadOnlyList<TableSeries> Series => [.. _series.Values];

    /// <summary>The name of each class, in the order in which they were met.</summary>
    public IReadOnlyList<string> Classes => [.. _classes.Keys];

    /// <summary>Reads a table; what is wrong is added to the faults.</summary>
    /// <exception cref="DatasetFormatException">The file is empty, or lacks a column.</exception>
    public void Read(TextReader text)
    {
        bool badQuotes = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = options.Separator.ToString(),
            IgnoreBlankLines = false, // so that lines can be counted
            BadDataFound = _ => badQuotes = true,
        };
        using var parser = new CsvParser(text, configuration, leaveOpen: true);
        int before = 0;
        while (parser.Read())
        {
            badQuotes = false;
            string[] fields = [.. (parser.Record ?? []).Select(field => field.Trim())];
            (_line, before) = (before + 1, parser.RawRow);
            if (fields.Length == 0 || (fields.Length == 1 && fields[0].Length == 0))
            {
                continue;
            }

            if (badQuotes)
            {
                faults.Add(_line, "a quote stands within a field that does not begin with one, or is never closed");
            }
            else if (_columns is null)
            {
                _columns = new TableColumns(fields, options, faults);
                faults.ThrowIfAny(); // without the columns every line would be a fault
            }
            else
            {
                Add(fields);
            }
        }

        if (_columns is null && !faults.Any)
        {
            faults.Add("it is empty");
        }

        if (_columns is null)
        {
            faults.ThrowIfAny();
        }

        if (_series.Count == 0 && !faults.Any)
        {
            faults.Add("it has a header, but no row");
        }
    }

    private void Add(string[] fields)
    {
        if (fields.Length != _columns.FieldCount)
        {
            faults.Add(_line, FormattableString.Invariant($"{fields.Length} fields, but the header has {_columns.FieldCount}"));
            return;
        }

        string name = _columns.Sequence is int sequence ? fields[sequence] : "";
        if (_columns.Sequence is not null && IsMissing(name))
        {
            faults.Add(_line, $"no {TableFaults.Quote(options.Sequence!)}");
            return;
        }

        bool isFirst = !_series.TryGetValue(name, out var series);
        if (series is null)
        {
            _series.Add(name, series = new TableSeries(name, _line));
        }

        float[] features = Numbers(fields, _columns.Features, _columns.FeatureNames, options.Missing == MissingValues.Refuse);
        float[] values = Numbers(fields, _columns.Values, _columns.ValueNames, options.Forecast is null);
        CheckGroup(series, fields, isFirst);
        series.Add(Key(fields), _line, features, values, Label(fields));
    }

    private float[] Numbers(string[] fields, int[] places, IReadOnlyList<string> names, bool refuse)
    {
        float[] numbers = new float[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            string text = fields[places[i]];
            if (IsMissing(text))
            {
                numbers[i] = float.NaN;
                if (refuse)
                {
                    faults.Add(_line, $"no {TableFaults.Quote(names[i])}");
                }
            }
            else if (
                double.TryParse(text, NumberStyles.Float, options.Culture, out double number) && float.IsFinite((float)number)
            )
            {
                numbers[i] = (float)number;
            }
            else
            {
                faults.Add(_line, $"{TableFaults.Quote(names[i])} is {TableFaults.Quote(text)}, no finite number");
            }
        }

        return numbers;
    }

    private OrderKey Key(string[] fields)
    {
        if (_columns.Order is not int place)
        {
            return new OrderKey(_line, 0);
        }

        string text = fields[place];
        bool isNumber = double.TryParse(text, NumberStyles.Float, options.Culture, out double number) && double.IsFinite(number);
        _datesAreOrder |= _series.Count == 1 && _series.Values.First().Count == 0 && !isNumber; // the first row decides
        if (!_datesAreOrder && isNumber)
        {
            return new OrderKey(number, 0);
        }

        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (_datesAreOrder && DateTimeOffset.TryParse(text, options.Culture, style, out var date))
        {
            return new OrderKey(0, date.UtcTicks);
        }

        faults.Add(
            _line,
            $"{TableFaults.Quote(options.Order!)} is {TableFaults.Quote(text)}, no {(_datesAreOrder ? "date" : "number")}"
        );
        return default;
    }

    private int Label(string[] fields)
    {
        if (_columns.Class is not int place)
        {
            return -1;
        }

        string text = fields[place];
        if (IsMissing(text))
        {
            faults.Add(_line, $"no {TableFaults.Quote(options.Class!)}");
            return -1;
        }

        if (!_classes.TryGetValue(text, out int label))
        {
            _classes.Add(text, label = _classes.Count);
        }

        return label;
    }

    private void CheckGroup(TableSeries series, string[] fields, bool isFirst)
    {
        if (_columns.Group is not int place)
        {
            return;
        }

        string group = fields[place];
        if (isFirst)
        {
            series.Group = group;
        }

        if (IsMissing(group))
        {
            faults.Add(_line, $"no {TableFaults.Quote(options.Group!)}");
        }
        else if (series.Group != group)
        {
            faults.Add(
                _line,
                $"the group of {TableFaults.Quote(series.Name)} is {TableFaults.Quote(group)}, but was "
                    + FormattableString.Invariant($"{TableFaults.Quote(series.Group!)} in line {series.FirstLine}")
            );
        }
    }

    private bool IsMissing(string text) => text.Length == 0 || _missing.Contains(text);
}
