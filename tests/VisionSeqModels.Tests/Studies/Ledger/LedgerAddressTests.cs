using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

public sealed class LedgerAddressTests
{
    [Theory]
    [InlineData("postgres://worker@db.example:5433/studies", "Host=db.example;Port=5433;Username=worker;Database=studies")]
    [InlineData("postgresql://db/all%20studies", "Host=db;Database=\"all studies\"")]
    [InlineData("postgres://me@[::1]/x?SSL%20Mode=Require", "Host=::1;Username=me;Database=x;SSL Mode=Require")]
    [InlineData("Host=db;Database=x", "Host=db;Database=x")]
    public void AnAddress_BecomesAConnectionString(string address, string expected) =>
        Assert.Equal(Keys(expected), Keys(LedgerAddress.ConnectionString(address)));

    [Theory]
    [InlineData("postgres://me:hunter2@db/x")]
    [InlineData("postgres://me@db/x?password=hunter2")]
    [InlineData("Host=db;Password=hunter2")]
    [InlineData("Host=db;Password=hunter2;Nonsense=1")]
    [InlineData("postgres://me:hunter2@")]
    [InlineData("mysql://me:hunter2@db/x")]
    [InlineData("postgres://me@db/x?nonsense=hunter2")]
    public void WhatIsNoAddress_OrHoldsAPassword_IsRefused_AndNotRepeated(string address)
    {
        var e = Assert.Throws<ArgumentException>(() => LedgerAddress.ConnectionString(address));
        Assert.DoesNotContain("hunter2", e.ToString());
    }

    [Fact]
    public void TheName_HasNeitherUserNorPassword()
    {
        string name = LedgerAddress.Name("Host=db;Username=worker;Password=hunter2;Database=x", "lenet");
        Assert.Equal("the study 'lenet' in PostgreSQL db:5432/x", name);
    }

    private static Dictionary<string, string> Keys(string text) =>
        new Npgsql.NpgsqlConnectionStringBuilder(text).ToDictionary(pair => pair.Key, pair => $"{pair.Value}");
}
