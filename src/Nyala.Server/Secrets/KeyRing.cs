using System.Buffers.Text;
using System.Security.Cryptography;
using System.Xml;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Nyala.Server.Disk;
using Nyala.Server.Storage;

namespace Nyala.Server.Secrets;

/// <summary>
/// Keeps the keys in <c>keys/</c> and the database together: the database holds a known text under each key that its secrets are encrypted with, and
/// a start without one of them is refused.
/// </summary>
/// <param name="manager">The keys.</param>
/// <param name="store">The database.</param>
/// <param name="folder">Where the keys are.</param>
internal sealed class KeyRing(IKeyManager manager, IStore store, KeyFolder folder)
{
    private const int MostNamed = 5;

    // Data Protection's format: a magic number, then the key's id.
    private const int MagicBytes = 4;
    private const int IdBytes = 16;

    private static readonly byte[] Text = "Nyala"u8.ToArray();
    private static readonly byte[] Purpose = "Nyala.Seal.v1"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _sealed = [];

    /// <summary>Compares the keys with the database, which a database of an earlier version passes if its secrets can be opened.</summary>
    /// <param name="box">Opens the secrets.</param>
    /// <returns>Why they do not go together; null if they do.</returns>
    public async Task<string?> CheckAsync(SecretBox box)
    {
        IReadOnlyCollection<IKey> keys;
        try
        {
            keys = manager.GetAllKeys();
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return $"A key in {folder.Path} cannot be read: {error.Message} Restore keys/ from the backup that nyala.db came from.";
        }

        IReadOnlyList<SealRecord> seals = await store.ReadAsync(tables => tables.Seals.List());
        string[] missing = [.. seals.Where(seal => !keys.Any(key => key.KeyId.ToString() == seal.Key && Opens(key, seal.Sealed))).Select(seal => seal.Key)];
        if (missing.Length > 0)
        {
            return $"The secrets in nyala.db are encrypted with keys that are not in {folder.Path} ({Some(missing)}). Restore keys/ from the backup that nyala.db came from; "
                + "keys of another database open nothing here. If they are lost, see \"When the keys are lost\" in docs/operations.md.";
        }

        if (seals.Count == 0 && await AdoptAsync(box) is { } refusal)
        {
            return refusal;
        }

        Remember(seals.Select(seal => Guid.Parse(seal.Key)));

        // The key of now, which a database that is new does not have yet.
        box.Close("");
        return null;
    }

    /// <summary>
    /// Seals the key that a secret was encrypted with, if that is new. The key is on the disk before, and the database gets the seal before the secret:
    /// what is handed over first is written first.
    /// </summary>
    public void Note(string closed)
    {
        if (KeyOf(closed) is not { } id)
        {
            return;
        }

        lock (_gate)
        {
            if (!_sealed.Add(id))
            {
                return;
            }

            DurableFiles.SyncFiles(folder.Path);
        }

        _ = PutAsync([id]);
    }

    /// <summary>The id of the key that a text is encrypted with; null if it is not Data Protection's.</summary>
    private static Guid? KeyOf(string closed)
    {
        byte[] bytes = new byte[MagicBytes + IdBytes + 1];
        ReadOnlySpan<char> start = closed.AsSpan(0, Math.Min(closed.Length, bytes.Length / 3 * 4));
        return Base64Url.TryDecodeFromChars(start, bytes, out int written) && written >= MagicBytes + IdBytes ? new Guid(bytes.AsSpan(MagicBytes, IdBytes)) : null;
    }

    private static bool Opens(IKey key, string text)
    {
        try
        {
            return key.CreateEncryptor()?.Decrypt(Convert.FromBase64String(text), Purpose).AsSpan().SequenceEqual(Text) == true;
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Opens every secret of a database that has no seals yet, and seals their keys.</summary>
    private async Task<string?> AdoptAsync(SecretBox box)
    {
        IReadOnlyList<(string Owner, string Closed)> secrets = await store.ReadAsync(tables => tables.Seals.Secrets());
        string[] lost = [.. secrets.Where(secret => !box.Opens(secret.Closed)).Select(secret => secret.Owner).Distinct()];
        if (lost.Length > 0)
        {
            return $"The keys in {folder.Path} do not open the secrets of {lost.Length} of nyala.db's hooks and settings ({Some(lost)}). Restore keys/ from the backup that nyala.db came from. "
                + "If the keys are lost, see \"When the keys are lost\" in docs/operations.md.";
        }

        Guid[] used = [.. secrets.Select(secret => KeyOf(secret.Closed)).OfType<Guid>().Distinct()];
        await PutAsync(used);
        Remember(used);
        return null;
    }

    private async Task PutAsync(IReadOnlyCollection<Guid> ids)
    {
        SealRecord[] seals =
        [
            .. manager.GetAllKeys().Where(key => ids.Contains(key.KeyId)).Select(key =>
                new SealRecord(key.KeyId.ToString(), Convert.ToBase64String(key.CreateEncryptor()!.Encrypt(Text, Purpose)))),
        ];
        try
        {
            await store.WriteAsync(tables =>
            {
                foreach (SealRecord seal in seals)
                {
                    tables.Seals.Put(seal);
                }

                return seals.Length;
            });
        }
        catch (StoreUnavailableException)
        {
            // The secret behind it is not stored either. The next one seals again.
            lock (_gate)
            {
                _sealed.ExceptWith(ids);
            }
        }
    }

    private void Remember(IEnumerable<Guid> ids)
    {
        lock (_gate)
        {
            _sealed.UnionWith(ids);
        }
    }

    private static string Some(string[] names) => names.Length <= MostNamed ? string.Join(", ", names) : $"{string.Join(", ", names[..MostNamed])} and {names.Length - MostNamed} more";
}

/// <summary>The folder of the keys.</summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record KeyFolder(string Path);
