using System.Globalization;

namespace Nyala.Client;

/// <summary>
/// Checks, at a receiver, that a request came from the server that holds the hook's secret, unchanged and just now
/// (Standard Webhooks).
/// </summary>
public sealed class WebhookVerifier
{
    private readonly byte[][] _keys;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _clock;

    /// <summary>Makes a verifier.</summary>
    /// <param name="secrets">The hook's secret; while one is rotated, the old and the new. Any of them may have signed.</param>
    /// <param name="tolerance">How far the sender's clock may be off, either way; 5 minutes where null.</param>
    /// <param name="clock">The receiver's clock; the system's where null.</param>
    /// <exception cref="ArgumentException">No secret, or one that is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    public WebhookVerifier(IEnumerable<string> secrets, TimeSpan? tolerance = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _keys = [.. secrets.Select(Decode)];
        if (_keys.Length == 0)
        {
            throw new ArgumentException("At least one secret is needed.", nameof(secrets));
        }

        _tolerance = tolerance ?? TimeSpan.FromMinutes(5);
        _clock = clock ?? TimeProvider.System;

        static byte[] Decode(string secret) => WebhookSecret.TryDecode(secret, out byte[] key)
            ? key
            : throw new ArgumentException("A secret is whsec_ and base64 of 24 to 64 bytes.", nameof(secrets));
    }

    /// <summary>Makes a verifier for one secret.</summary>
    /// <exception cref="ArgumentException">The secret is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    public WebhookVerifier(string secret)
        : this([secret])
    {
    }

    /// <summary>Checks a request.</summary>
    /// <param name="body">The body as received, byte for byte: before any JSON is read and written again.</param>
    /// <param name="header">Gives the value of the request header of that name, null if it is absent.</param>
    public WebhookVerdict Verify(ReadOnlySpan<byte> body, Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        string? id = header(WebhookSignature.IdHeader);
        string? timestamp = header(WebhookSignature.TimestampHeader);
        string? signatures = header(WebhookSignature.SignatureHeader);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return WebhookVerdict.NotSigned;
        }

        // Compared as numbers: a timestamp past the calendar's end must be refused, not throw.
        double age = _clock.GetUtcNow().ToUnixTimeSeconds() - (double)seconds;
        if (Math.Abs(age) > _tolerance.TotalSeconds)
        {
            return age > 0 ? WebhookVerdict.TooOld : WebhookVerdict.TooNew;
        }

        bool signed = false;
        foreach (byte[] key in _keys)
        {
            signed |= WebhookSignature.Contains(signatures, WebhookSignature.Sign(key, id, timestamp, body));
        }

        return signed ? WebhookVerdict.Genuine : WebhookVerdict.WrongSignature;
    }
}

/// <summary>What a <see cref="WebhookVerifier"/> found. Only <see cref="Genuine"/> may be acted on.</summary>
public enum WebhookVerdict
{
    /// <summary>Signed with a known secret, unchanged, and fresh.</summary>
    Genuine,

    /// <summary>A signing header is missing or unreadable.</summary>
    NotSigned,

    /// <summary>Signed longer ago than tolerated: perhaps a replay.</summary>
    TooOld,

    /// <summary>Signed further in the future than tolerated: a clock is wrong.</summary>
    TooNew,

    /// <summary>No known secret signed this body: it was changed, or another signed it.</summary>
    WrongSignature,
}
