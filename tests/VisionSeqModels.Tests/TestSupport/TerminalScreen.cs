using System.Globalization;
using System.Text;

namespace VisionSeqModels.Tests;

/// <summary>A terminal, as far as a program's plain lines and live lines use one: it wraps at its columns, and after a resize
/// it breaks its lines again, as tmux, VTE, Windows Terminal and others do.</summary>
internal sealed class TerminalScreen(int columns) : StringWriter(CultureInfo.InvariantCulture)
{
    private readonly List<StringBuilder> _rows = [new()];
    private readonly HashSet<int> _wrapped = []; // rows that the one before runs over into
    private readonly StringBuilder _escape = new();
    private int _row;
    private int _column;

    public int Columns { get; private set; } = columns;

    /// <summary>How often a text ran over the last column.</summary>
    public int Wraps { get; private set; }

    /// <summary>Escapes other than those that move up and erase.</summary>
    public List<string> OtherEscapes { get; } = [];

    public IReadOnlyList<string> Rows => [.. _rows.Select(row => row.ToString().TrimEnd())];

    public override void Write(char value) => Take(value);

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        foreach (char letter in value ?? "")
        {
            Take(letter);
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>Breaks the lines again; the cursor stays at its letter.</summary>
    public void Resize(int columns)
    {
        var lines = new List<StringBuilder>();
        int line = 0,
            place = 0;
        for (int i = 0; i < _rows.Count; i++)
        {
            if (!_wrapped.Contains(i))
            {
                lines.Add(new StringBuilder());
            }

            if (i == _row)
            {
                (line, place) = (lines.Count - 1, lines[^1].Length + _column);
            }

            lines[^1].Append(_rows[i]);
        }

        _rows.Clear();
        _wrapped.Clear();
        for (int i = 0; i < lines.Count; i++)
        {
            string text = lines[i].ToString();
            int rows = Math.Max(1, (text.Length + columns - 1) / columns);
            if (i == line)
            {
                (_row, _column) = (_rows.Count + Math.Min(place / columns, rows - 1), Math.Min(place % columns, columns));
            }

            for (int part = 0; part < rows; part++)
            {
                if (part > 0)
                {
                    _wrapped.Add(_rows.Count);
                }

                _rows.Add(new StringBuilder(text[(part * columns)..Math.Min(text.Length, (part + 1) * columns)]));
            }
        }

        Columns = columns;
    }

    private void Take(char letter)
    {
        if (_escape.Length > 0)
        {
            _escape.Append(letter);
            if (char.IsAsciiLetter(letter) || (_escape.Length == 2 && letter != '['))
            {
                Obey(_escape.ToString());
                _escape.Clear();
            }
        }
        else if (letter == '\e')
        {
            _escape.Append(letter);
        }
        else if (letter == '\r')
        {
            _column = 0;
        }
        else if (letter == '\n')
        {
            (_row, _column) = (_row + 1, 0);
            Fill();
        }
        else
        {
            if (_column == Columns)
            {
                Wraps++;
                (_row, _column) = (_row + 1, 0);
                _wrapped.Add(_row);
            }

            Fill();
            var row = _rows[_row];
            row.Append(' ', Math.Max(0, _column + 1 - row.Length));
            row[_column++] = letter;
        }
    }

    private void Fill()
    {
        while (_rows.Count <= _row)
        {
            _rows.Add(new StringBuilder());
        }
    }

    private void Obey(string escape)
    {
        string number = escape.Length > 2 ? escape[2..^1] : "";
        if (escape[^1] == 't') // what a terminal is asked by to take a size: rows;columns
        {
            Resize(int.Parse(number.Split(';')[2], CultureInfo.InvariantCulture));
        }
        else if (escape == "\e[J")
        {
            _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
            _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
            _wrapped.RemoveWhere(row => row > _row);
        }
        else if (escape[^1] == 'A' && int.TryParse(number, CultureInfo.InvariantCulture, out int up))
        {
            _row = Math.Max(0, _row - up);
        }
        else
        {
            OtherEscapes.Add(escape);
        }
    }
}
