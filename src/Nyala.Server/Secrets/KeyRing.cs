using System.Buffers.Text;
using System.Security.Cryptography;
using System.Xml;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Nyala.Server.Disk;
using Nyala.Server.Storage;

namespace Nyala.Server.Secrets;

/// <summary>
/// Keeps the keys in <c>keys/</c> and the database together. The database holds a known text sealed with each key that encrypts its secrets, and the server
/// refuses to start if one of these keys is missing.
/// </summary>
/// <param name="manager">The keys.</param>
/// <param name="store">The database.</param>
/// <param name="folder">The folder of the keys.</param>
internal sealed class KeyRing(IKeyManager manager, IStore store, KeyFolder folder)
{
    private const int MaxNamed = 5;

    // The format of Data Protection: a magic number, then the key's id.
    private const int MagicBytes = 4;
    private const int IdBytes = 16;

    private static readonly byte[] Text = "Nyala"u8.ToArray();
    private static readonly byte[] Purpose = "Nyala.Seal.v1"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _sealed = [];

    /// <summary>Checks the keys against the database. A database of an earlier version has no seals, and passes if its secrets can be decrypted.</summary>
    /// <param name="box">Decrypts the secrets.</param>
    /// <returns>Why the keys and the database do not belong together; null if they do.</returns>
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
                + "keys of another database do not work. If the keys are lost, see \"When the keys are lost\" in docs/operations.md.";
        }

        if (seals.Count == 0 && await SealExistingAsync(box) is { } refusal)
        {
            return refusal;
        }

        Remember(seals.Select(seal => Guid.Parse(seal.Key)));

        // This seals the current key, which a new database does not have yet.
        box.Encrypt("");
        return null;
    }

    /// <summary>
    /// Seals the key that a secret was encrypted with, if the key is new. The key is synced to disk first. The database writes the seal before the secret,
    /// because it keeps the order of writes.
    /// </summary>
    public void Note(string encrypted)
    {
        if (KeyOf(encrypted) is not { } id)
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

    /// <summary>Returns the id of the key that a text is encrypted with; null if the text does not have the format of Data Protection.</summary>
    private static Guid? KeyOf(string encrypted)
    {
        byte[] bytes = new byte[MagicBytes + IdBytes + 1];
        ReadOnlySpan<char> start = encrypted.AsSpan(0, Math.Min(encrypted.Length, bytes.Length / 3 * 4));
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

    /// <summary>
    /// Decrypts every secret of a database that has no seals yet, and seals their keys. Returns the reason if a secret cannot be decrypted; otherwise null.
    /// </summary>
    private async Task<string?> SealExistingAsync(SecretBox box)
    {
        IReadOnlyList<(string Owner, string Encrypted)> secrets = await store.ReadAsync(tables => tables.Seals.Secrets());
        string[] lost = [.. secrets.Where(secret => !box.CanDecrypt(secret.Encrypted)).Select(secret => secret.Owner).Distinct()];
        if (lost.Length > 0)
        {
            return $"The keys in {folder.Path} cannot decrypt the secrets of {lost.Length} hooks and settings in nyala.db ({Some(lost)}). Restore keys/ from the backup that nyala.db came from. "
                + "If the keys are lost, see \"When the keys are lost\" in docs/operations.md.";
        }

        Guid[] used = [.. secrets.Select(secret => KeyOf(secret.Encrypted)).OfType<Guid>().Distinct()];
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
            // The seal was not written, and neither was a secret in the same commit. The next secret seals the key again.
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

    private static string Some(string[] names) => names.Length <= MaxNamed ? string.Join(", ", names) : $"{string.Join(", ", names[..MaxNamed])} and {names.Length - MaxNamed} more";
}

/// <summary>The folder of the keys.</summary>
/// <param name="Path">The absolute path.</param>
internal sealed record KeyFolder(string Path);
