namespace Nyala.Server.Deploying.Zip;

/// <summary>What a zip's directory says about one entry. The sender chose every value.</summary>
internal sealed record ZipEntry
{
    private const int TypeMask = 0xF000;
    private const int FolderType = 0x4000;
    private const int FileType = 0x8000;
    private const int LinkType = 0xA000;
    private const int DosFolder = 0x10;
    private const int Unix = 3;
    private const int Darwin = 19;

    /// <summary>The name, as the zip has it.</summary>
    public required string Name { get; init; }

    /// <summary>The name in the entry's header, if <see cref="Name"/> comes from an extra field: one character for each byte. Otherwise null.</summary>
    public string? Escaped { get; init; }

    /// <summary>The system that the attributes belong to.</summary>
    public byte MadeOn { get; init; }

    /// <summary>The general purpose bit flags.</summary>
    public ushort Flags { get; init; }

    /// <summary>The compression method: 0 is stored, 8 is deflated.</summary>
    public ushort Method { get; init; }

    public uint Crc { get; init; }

    /// <summary>The number of bytes in the zip.</summary>
    public long Packed { get; init; }

    /// <summary>The number of bytes when unpacked.</summary>
    public long Size { get; init; }

    /// <summary>The position of its local header.</summary>
    public long Offset { get; init; }

    public uint Attributes { get; init; }

    /// <summary>When the file was last changed; null if the zip does not say.</summary>
    public DateTime? Changed { get; init; }

    /// <summary>Whether its sizes and checksum follow its content, as in a zip that was written to a pipe.</summary>
    public bool IsStreamed => (Flags & 8) != 0;

    /// <summary>Whether its name marks it as a folder. Many programs look at nothing else.</summary>
    public bool IsNamedAsFolder => Name.EndsWith('/') || Name.EndsWith('\\');

    public bool IsFolder => IsNamedAsFolder || Type == FolderType || (Type == 0 && (Attributes & DosFolder) != 0);

    public bool IsLink => Type == LinkType;

    /// <summary>Whether it is a device, a pipe or a socket.</summary>
    public bool IsSpecial => Type is not (0 or FolderType or FileType or LinkType);

    /// <summary>Whether it is encrypted, in one of the three ways.</summary>
    public bool IsEncrypted => (Flags & 0x2041) != 0 || Method == 99;

    /// <summary>Its permissions, without set-user-ID and the like; 0 if the zip does not say.</summary>
    public UnixFileMode Mode => MadeOn is Unix or Darwin ? (UnixFileMode)((Attributes >> 16) & 0x1FF) : 0;

    private int Type => (int)(Attributes >> 16) & TypeMask;
}
