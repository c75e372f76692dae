using System.Collections.Concurrent;
using System.Security.Cryptography;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>
/// The masks for the values of sites' settings. A mask is kept in memory and used as long as the stored settings are the ones that it was made from, so no
/// announcement of a change is needed.
/// </summary>
internal sealed class SiteMasks(IStore store, SecretBox secrets)
{
    private const int MaxSites = 100;

    private readonly ConcurrentDictionary<string, (IReadOnlyList<SiteSetting> Settings, TextMask Mask)> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the mask for a site's settings. If the site has none, or does not exist, the mask hides access tokens only.</summary>
    public async Task<TextMask> OfAsync(string site, CancellationToken cancellationToken)
    {
        IReadOnlyList<SiteSetting> settings = await store.ReadAsync(tables => tables.Sites.Settings(site), cancellationToken);
        if (settings.Count == 0)
        {
            _known.TryRemove(site, out _);
            return TextMask.TokensOnly;
        }

        // Each encryption of a value is different, so equal texts mean that nothing was set in the meantime.
        if (_known.TryGetValue(site, out (IReadOnlyList<SiteSetting> Settings, TextMask Mask) known) && known.Settings.SequenceEqual(settings))
        {
            return known.Mask;
        }

        TextMask mask = Of(settings.Select(setting => KeyValuePair.Create(setting.Name, Open(setting))));
        if (_known.Count >= MaxSites)
        {
            _known.Clear();
        }

        _known[site] = (settings, mask);
        return mask;
    }

    /// <summary>Makes the mask for settings, or for the variables that they become.</summary>
    public static TextMask Of(IEnumerable<KeyValuePair<string, string>> settings) =>
        TextMask.TokensOnly.With(settings.Where(setting => MaskRule.IsMasked(setting.Key, setting.Value)).Select(setting => setting.Value));

    private string Open(SiteSetting setting)
    {
        try
        {
            return secrets.Decrypt(setting.Value);
        }
        catch (CryptographicException)
        {
            // A value that cannot be decrypted reaches no command. A report must not fail because of it.
            return "";
        }
    }
}
