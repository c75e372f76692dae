namespace Nyala.Server.Storage;

/// <summary>A text under one of the keys that secrets are encrypted with.</summary>
/// <param name="Key">The key's id.</param>
/// <param name="Sealed">The text, encrypted.</param>
internal sealed record SealRecord(string Key, string Sealed);

/// <summary>What the database knows of the keys that its secrets are encrypted with.</summary>
internal interface ISealTable
{
    IReadOnlyList<SealRecord> List();

    void Put(SealRecord seal);

    /// <summary>Every encrypted text, with what it belongs to in words.</summary>
    IReadOnlyList<(string Owner, string Closed)> Secrets();
}
