namespace Nyala.Server.Storage;

/// <summary>Whether a hook is sent its events.</summary>
internal enum HookState
{
    /// <summary>Events are sent.</summary>
    Active,

    /// <summary>An operator holds its events back; they are kept.</summary>
    Paused,

    /// <summary>Nothing but failures for days: its events are kept, none is sent.</summary>
    Disabled,

    /// <summary>The receiver answered 410: it wants no more.</summary>
    Gone,
}
