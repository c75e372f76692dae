namespace Nyala.Server.Storage;

/// <summary>A known text, encrypted with one of the keys that encrypt secrets.</summary>
/// <param name="Key">The key's id.</param>
/// <param name="Sealed">The encrypted text.</param>
internal sealed record SealRecord(string Key, string Sealed);

/// <summary>The keys that encrypted the secrets of this database, each proven by a sealed text.</summary>
internal interface ISealTable
{
    IReadOnlyList<SealRecord> List();

    void Put(SealRecord seal);

    /// <summary>Lists every encrypted text with a description of its owner.</summary>
    IReadOnlyList<(string Owner, string Encrypted)> Secrets();
}
