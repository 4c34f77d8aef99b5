using System.Buffers.Binary;
using System.Text;

namespace HvBindgen.Generator.Verification;

/// <summary>Reads data symbols from an ELF object of any machine: 32 or 64 bits, either byte order. No code is run.</summary>
internal sealed class ObjectFile
{
    private const uint SymbolTable = 2;
    private const uint NoBits = 8;

    private readonly byte[] bytes;
    private readonly bool is64Bit;
    private readonly List<Section> sections = [];
    private readonly Dictionary<string, Symbol> symbols = new(StringComparer.Ordinal);

    private ObjectFile(byte[] bytes)
    {
        if (bytes.Length < 52 || !bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
        {
            throw new VerificationException("The compiler wrote no ELF object: only compilers for Linux targets can be asked.");
        }

        this.bytes = bytes;
        is64Bit = bytes[4] == 2;
        IsLittleEndian = bytes[5] == 1;
        Machine = UInt16(18);
        ReadSections();
        foreach (Section section in sections)
        {
            if (section.Type == SymbolTable)
            {
                ReadSymbols(section);
            }
        }
    }

    /// <summary>The ELF number of the machine.</summary>
    internal int Machine { get; }

    internal bool IsLittleEndian { get; }

    internal static ObjectFile Read(byte[] bytes)
    {
        try
        {
            return new ObjectFile(bytes);
        }
        catch (Exception fault) when (fault is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new VerificationException("The compiler's object file is damaged: a table of it lies outside the file.", fault);
        }
    }

    /// <summary>The initial bytes of a variable; null when the object defines none of that name.</summary>
    internal byte[]? BytesOf(string symbolName)
    {
        if (!symbols.TryGetValue(symbolName, out Symbol symbol) || symbol.Section >= sections.Count)
        {
            return null;
        }

        Section section = sections[symbol.Section];

        // In a relocatable object a symbol's value counts from the start of its section; .bss has zeros and no bytes in the file.
        return section.Type == NoBits ? new byte[symbol.Size] : bytes.AsSpan(checked(section.Offset + symbol.Value), symbol.Size).ToArray();
    }

    /// <summary>An unsigned number in the byte order of the object.</summary>
    internal ulong Number(ReadOnlySpan<byte> data) => (data.Length, IsLittleEndian) switch
    {
        (8, true) => BinaryPrimitives.ReadUInt64LittleEndian(data),
        (8, false) => BinaryPrimitives.ReadUInt64BigEndian(data),
        (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(data),
        (4, false) => BinaryPrimitives.ReadUInt32BigEndian(data),
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(data),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(data),
        (1, _) => data[0],
        _ => throw new VerificationException($"The compiler's object file has an answer of {data.Length} bytes where a number stands."),
    };

    // Elf32_Shdr and Elf64_Shdr: sh_type 4; then flags, addr, offset and size in words of the class.
    private void ReadSections()
    {
        int start = Word(is64Bit ? 40 : 32);
        int entryBytes = UInt16(is64Bit ? 58 : 46);
        int count = UInt16(is64Bit ? 60 : 48);
        int wordBytes = is64Bit ? 8 : 4;

        // More sections than 16 bits hold: the count stands in the size of the first.
        count = count == 0 && start != 0 ? Word(start + 8 + (3 * wordBytes)) : count;
        for (int index = 0; index < count; index++)
        {
            int at = start + (index * entryBytes);
            int offset = Word(at + 8 + (2 * wordBytes));
            int size = Word(at + 8 + (3 * wordBytes));
            int link = (int)UInt32(at + 8 + (4 * wordBytes));
            sections.Add(new Section(UInt32(at + 4), offset, size, link));
        }
    }

    // Elf32_Sym: name, value, size, info, other, shndx. Elf64_Sym: name, info, other, shndx, value, size.
    private void ReadSymbols(Section table)
    {
        int entryBytes = is64Bit ? 24 : 16;
        for (int at = table.Offset; at + entryBytes <= table.Offset + table.Size; at += entryBytes)
        {
            string name = Text(sections[table.Link].Offset + (int)UInt32(at));
            int section = UInt16(at + (is64Bit ? 6 : 14));
            if (name.Length > 0 && section != 0)
            {
                symbols[name] = new Symbol(section, Word(at + (is64Bit ? 8 : 4)), Word(at + (is64Bit ? 16 : 8)));
            }
        }
    }

    private string Text(int at)
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(at);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private int UInt16(int at) => (int)Number(bytes.AsSpan(at, 2));

    private uint UInt32(int at) => (uint)Number(bytes.AsSpan(at, 4));

    private int Word(int at) => checked((int)Number(bytes.AsSpan(at, is64Bit ? 8 : 4)));

    private readonly record struct Section(uint Type, int Offset, int Size, int Link);

    private readonly record struct Symbol(int Section, int Value, int Size);
}
