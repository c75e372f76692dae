using System.Globalization;

namespace Nyala.Client;

/// <summary>Verifies, at a receiver, that a request was signed with the hook's secret, is unchanged, and is fresh (Standard Webhooks).</summary>
public sealed class WebhookVerifier
{
    private readonly byte[][] _keys;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _clock;

    /// <summary>Creates a verifier.</summary>
    /// <param name="secrets">The hook's secret; during a rotation, the old and the new one. Any of them may have signed.</param>
    /// <param name="tolerance">The maximum difference between the timestamp and the clock, in either direction; null for 5 minutes.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">There is no secret, or one is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    public WebhookVerifier(IEnumerable<string> secrets, TimeSpan? tolerance = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _keys = [.. secrets.Select(Decode)];
        if (_keys.Length == 0)
        {
            throw new ArgumentException("At least one secret is required.", nameof(secrets));
        }

        _tolerance = tolerance ?? TimeSpan.FromMinutes(5);
        _clock = clock ?? TimeProvider.System;

        static byte[] Decode(string secret) => WebhookSecret.TryDecode(secret, out byte[] key)
            ? key
            : throw new ArgumentException("A secret must be whsec_ followed by 24 to 64 bytes in base64.", nameof(secrets));
    }

    /// <summary>Creates a verifier for one secret.</summary>
    /// <exception cref="ArgumentException">The secret is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    public WebhookVerifier(string secret)
        : this([secret])
    {
    }

    /// <summary>Verifies a request.</summary>
    /// <param name="body">The body as received, byte for byte, before it is parsed.</param>
    /// <param name="header">Returns the value of a request header by its name; null if it is absent.</param>
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

        // Compared as numbers, because a conversion to a date would throw for a very large timestamp.
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

/// <summary>The result of a <see cref="WebhookVerifier"/>. Act only on <see cref="Genuine"/>.</summary>
public enum WebhookVerdict
{
    /// <summary>Signed with a known secret, unchanged, and fresh.</summary>
    Genuine,

    /// <summary>A signing header is missing or unreadable.</summary>
    NotSigned,

    /// <summary>Signed too long ago; it may be a replay.</summary>
    TooOld,

    /// <summary>Signed too far in the future; a clock is wrong.</summary>
    TooNew,

    /// <summary>No known secret signed this body: it was changed, or somebody else sent it.</summary>
    WrongSignature,
}
