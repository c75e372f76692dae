namespace Nyala.Server.Storage;

/// <summary>Whether the events of a hook are sent.</summary>
internal enum HookState
{
    /// <summary>Events are sent.</summary>
    Active,

    /// <summary>An operator paused the hook. Its events are kept and not sent.</summary>
    Paused,

    /// <summary>The hook was disabled after days of consecutive failures. Its events are kept and not sent.</summary>
    Disabled,

    /// <summary>The receiver responded with 410. It receives no more events.</summary>
    Gone,
}
