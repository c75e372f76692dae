namespace Nyala.Server.Deploying.Zip;

/// <summary>What a zip's directory says of one entry; all of it is the sender's word.</summary>
internal sealed record ZipEntry
{
    private const int TypeMask = 0xF000;
    private const int FolderType = 0x4000;
    private const int FileType = 0x8000;
    private const int LinkType = 0xA000;
    private const int DosFolder = 0x10;
    private const int Unix = 3;
    private const int Darwin = 19;

    /// <summary>The name as it stands there.</summary>
    public required string Name { get; init; }

    /// <summary>The name that stands there instead, if <see cref="Name"/> is that of an extra field: its bytes, a character each.</summary>
    public string? Escaped { get; init; }

    /// <summary>The system that the attributes are of.</summary>
    public byte MadeOn { get; init; }

    /// <summary>The general purpose bits.</summary>
    public ushort Flags { get; init; }

    /// <summary>How it is packed: 0 stored, 8 deflated.</summary>
    public ushort Method { get; init; }

    public uint Crc { get; init; }

    /// <summary>Bytes in the zip.</summary>
    public long Packed { get; init; }

    /// <summary>Bytes unpacked.</summary>
    public long Size { get; init; }

    /// <summary>Where its local header begins.</summary>
    public long Offset { get; init; }

    public uint Attributes { get; init; }

    /// <summary>When it was changed; null if it does not say.</summary>
    public DateTime? Changed { get; init; }

    /// <summary>Whether its sizes and check sum stand behind its content, as of a zip that was written to a pipe.</summary>
    public bool IsStreamed => (Flags & 8) != 0;

    /// <summary>Whether its name says that it is a folder, which is all that many programs look at.</summary>
    public bool IsNamedAsFolder => Name.EndsWith('/') || Name.EndsWith('\\');

    public bool IsFolder => IsNamedAsFolder || Type == FolderType || (Type == 0 && (Attributes & DosFolder) != 0);

    public bool IsLink => Type == LinkType;

    /// <summary>A device, a pipe or a socket.</summary>
    public bool IsSpecial => Type is not (0 or FolderType or FileType or LinkType);

    /// <summary>Encrypted, in one of the three ways.</summary>
    public bool IsEncrypted => (Flags & 0x2041) != 0 || Method == 99;

    /// <summary>Its permissions, without set-uid and the like; 0 if it does not say.</summary>
    public UnixFileMode Mode => MadeOn is Unix or Darwin ? (UnixFileMode)((Attributes >> 16) & 0x1FF) : 0;

    private int Type => (int)(Attributes >> 16) & TypeMask;
}
