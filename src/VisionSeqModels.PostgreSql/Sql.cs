using Npgsql;

namespace VisionSeqModels.Studies;

/// <summary>What rows hold.</summary>
internal static class Sql
{
    /// <summary>A column's value; the default where it is NULL.</summary>
    public static T? Get<T>(this NpgsqlDataReader row, string column)
    {
        int index = row.GetOrdinal(column);
        return row.IsDBNull(index) ? default : row.GetFieldValue<T>(index);
    }
}
