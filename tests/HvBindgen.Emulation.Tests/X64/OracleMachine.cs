using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>
/// The emulator in surroundings like those of the oracle: the same pages at the same addresses, the same segments, privilege level 3.
/// </summary>
internal sealed unsafe class OracleMachine : IGuestPhysicalMemory, IX64Bus, IX64VectorRegisters, IX64DescriptorTables, IDisposable
{
    public const ulong CodeBase = 0x1000_0000;
    public const ulong CodeBytes = 0x2000;
    public const ulong DataBase = 0x2000_0000;
    public const int WritableBytes = 0x2000;
    public const int ReadableBytes = 0x3000;
    public const int WindowOffset = 0x1000 - 128;
    public const int WindowBytes = 256;
    public const ushort Flat64Code = 0x33;
    public const ushort Flat32Code = 0x23;
    public const ushort FlatData = 0x2B;
    public const ushort KernelData = 0x18;

    // Guest-physical pages: PML4, PDPT, PD, two page tables, then code and data.
    private const ulong CodeGpa = 0x5000;
    private const ulong DataGpa = CodeGpa + CodeBytes;
    private const ulong TableGpa = DataGpa + ReadableBytes;
    private const ulong MemoryBytes = TableGpa + 0x1000;

    // Two descriptor tables, which programs cannot see.
    private const ulong TableBase = DataBase + 0x1F_0000;
    private const uint LocalOffset = 0x800;
    private const uint GlobalLimit = 0x7F;

    private const int VectorBytes = 64;

    private readonly byte* memory;
    private readonly byte[] pristine = new byte[ReadableBytes];

    public OracleMachine()
    {
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)MemoryBytes, 4096);
        new Span<byte>(memory, (int)MemoryBytes).Clear();
        Code.Fill(0xCC);

        for (int index = 0; index < pristine.Length; index++)
        {
            pristine[index] = (byte)((index * 151) + (index >> 8));
        }

        pristine.CopyTo(Data);
        MapPages();
        WriteTables();
        Emulator = new X64Emulator(this, this, this) { DescriptorTables = this };
    }

    public X64Emulator Emulator { get; }

    public byte[] Vectors { get; } = new byte[32 * VectorBytes];

    public ulong[] Masks { get; } = new ulong[8];

    public byte[] FloatingPoint { get; } = new byte[160];

    public bool HasFloatingPoint => true;

    public bool HasAvx512 => HostProcessor.HasAvx512State;

    public Span<byte> Code => new(memory + CodeGpa, (int)CodeBytes);

    public Span<byte> Data => new(memory + DataGpa, ReadableBytes);

    public Span<byte> Window => Data.Slice(WindowOffset, WindowBytes);

    /// <summary>The descriptors of the oracle's LDT, by entry.</summary>
    public static IReadOnlyList<X64SegmentState> LocalDescriptors { get; } =
    [
        Segment(0x07, 0, uint.MaxValue, type: 0xB, big: true),
        Segment(0x0F, 0, uint.MaxValue, type: 0x3, big: true),
        Segment(0x17, CodeBase, 0xFFFF, type: 0xB, big: false),
        Segment(0x1F, DataBase, 0x1FFF, type: 0x3, big: true),
        Segment(0x27, DataBase, 0x2FFF, type: 0x1, big: true),
        Segment(0x2F, DataBase, 0x0FBF, type: 0x7, big: true),
        Segment(0x37, DataBase, 0x0FBF, type: 0x7, big: false),
        Segment(0x3F, DataBase, 0xFFFF, type: 0x3, big: false),
        Segment(0x47, DataBase, 0x103F, type: 0xB, big: false),
        Segment(0x4F, DataBase - 0xE000, 0xFFFF, type: 0x3, big: false),
    ];

    /// <summary>The descriptor a selector of a case stands for.</summary>
    public static X64SegmentState Descriptor(ushort selector, ulong @base)
    {
        X64SegmentState register = selector switch
        {
            Flat64Code => Segment(selector, 0, uint.MaxValue, type: 0xB, big: false),
            Flat32Code => Segment(selector, 0, uint.MaxValue, type: 0xB, big: true),
            FlatData => Segment(selector, 0, uint.MaxValue, type: 0x3, big: true),
            0 => new X64SegmentState { Base = @base },
            _ => LocalDescriptors[selector >> 3],
        };

        if (selector == Flat64Code)
        {
            register.IsLong = true;
        }

        return register;
    }

    /// <summary>The emulator's state for a case.</summary>
    public static X64State StateOf(in OracleCase test)
    {
        X64State state = new()
        {
            Rip = test.Rip,
            Rflags = test.Flags,
            Cr0 = 0x8005_0033,
            Cr4 = 0x0004_0620,
            Efer = 0xD01,
            Xcr0 = HostProcessor.HasAvx512State ? 0xE7u : 7,
        };

        for (int index = 0; index < 16; index++)
        {
            state.Gpr[index] = test.Gpr[index];
        }

        for (int index = 0; index < 6; index++)
        {
            ulong @base = index == X64SegmentFile.Fs ? test.FsBase : index == X64SegmentFile.Gs ? test.GsBase : 0;
            state.Segments[index] = Descriptor(test.Segments[index], @base);
        }

        // User code in 64-bit mode may run with a null SS; its privilege is still 3.
        state.Segments[X64SegmentFile.Ss].PrivilegeLevel = 3;
        return state;
    }

    /// <summary>Puts memory and vector registers into the state a case starts from.</summary>
    public void Load(in OracleCase test)
    {
        ((ReadOnlySpan<byte>)test.Window).CopyTo(Window);
        Array.Clear(Told);
        ((ReadOnlySpan<byte>)test.Vectors).CopyTo(Vectors);
        ((ReadOnlySpan<ulong>)test.Masks).CopyTo(Masks);
        ((ReadOnlySpan<byte>)test.FloatingPoint).CopyTo(FloatingPoint);
        ((ReadOnlySpan<byte>)test.Code)[..(int)test.CodeSizeBytes].CopyTo(Code[(int)(test.CodeAddress - CodeBase)..]);
    }

    /// <summary>Takes the case's code away, and tells whether anything outside the window has changed; if so, it is restored.</summary>
    public bool Clean(in OracleCase test)
    {
        Code.Slice((int)(test.CodeAddress - CodeBase), (int)test.CodeSizeBytes).Fill(0xCC);
        const int After = WindowOffset + WindowBytes;
        bool strayed = !Data[..WindowOffset].SequenceEqual(pristine.AsSpan(0, WindowOffset))
            || !Data[After..].SequenceEqual(pristine.AsSpan(After));

        if (strayed)
        {
            pristine.CopyTo(Data);
        }

        return strayed;
    }

    /// <summary>Which bytes of the window the emulator said that it wrote, since the last load.</summary>
    public bool[] Told { get; } = new bool[WindowBytes];

    public void NoteWrite(ulong gpa, ulong sizeBytes)
    {
        for (ulong at = gpa; at < gpa + sizeBytes; at++)
        {
            ulong offset = unchecked(at - DataGpa - (ulong)WindowOffset);
            if (offset < (ulong)Told.Length)
            {
                Told[offset] = true;
            }
        }
    }

    public bool TryResolve(ulong gpa, out HostRange range)
    {
        range = gpa < MemoryBytes ? new HostRange((nint)(memory + gpa), MemoryBytes - gpa, true) : default;
        return gpa < MemoryBytes;
    }

    public bool TryReadMemory(ulong gpa, Span<byte> data) => throw new InvalidOperationException($"no device at 0x{gpa:x}");

    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) => throw new InvalidOperationException($"no device at 0x{gpa:x}");

    public bool TryReadPort(ushort port, int sizeBytes, out uint value) => throw new InvalidOperationException($"no port 0x{port:x}");

    public bool TryWritePort(ushort port, int sizeBytes, uint value) => throw new InvalidOperationException($"no port 0x{port:x}");

    public void ReadVector(int index, Span<byte> value) => Vectors.AsSpan(index * VectorBytes, value.Length).CopyTo(value);

    public ulong ReadMask(int index) => Masks[index];

    public void WriteMask(int index, ulong value) => Masks[index] = value;

    public bool TryReadTables(out X64DescriptorTable global, out X64DescriptorTable local)
    {
        global = new X64DescriptorTable(TableBase, GlobalLimit);
        local = new X64DescriptorTable(TableBase + LocalOffset, (uint)(LocalDescriptors.Count * 8) - 1);
        return true;
    }

    public void ReadFloatingPoint(Span<byte> image) => FloatingPoint.CopyTo(image);

    public void WriteFloatingPoint(ReadOnlySpan<byte> image) => image.CopyTo(FloatingPoint);

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        Span<byte> register = Vectors.AsSpan(index * VectorBytes, VectorBytes);

        if (clearUpper)
        {
            register.Clear();
        }

        value.CopyTo(register);
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);

    private static X64SegmentState Segment(ushort selector, ulong @base, uint limit, int type, bool big) => new()
    {
        Base = @base,
        Limit = limit,
        Selector = selector,
        Type = type,
        IsCodeOrData = true,
        PrivilegeLevel = 3,
        IsPresent = true,
        IsBig = big,
        IsGranular = limit > 0xF_FFFF,
    };

    // As Linux has them: a kernel's segments, those of programs, and the local ones.
    private void WriteTables()
    {
        Span<ulong> entries = new(memory + TableGpa, 512);

        foreach (ushort selector in (ReadOnlySpan<ushort>)[Flat32Code, FlatData, Flat64Code])
        {
            entries[selector >> 3] = Entry(Descriptor(selector, 0));
        }

        X64SegmentState kernelData = Descriptor(FlatData, 0);
        kernelData.PrivilegeLevel = 0;
        entries[KernelData >> 3] = Entry(kernelData);

        for (int index = 0; index < LocalDescriptors.Count; index++)
        {
            entries[((int)LocalOffset / 8) + index] = Entry(LocalDescriptors[index]);
        }
    }

    private static ulong Entry(in X64SegmentState segment)
    {
        ulong limit = segment.IsGranular ? segment.Limit >> 12 : segment.Limit;
        return (limit & 0xFFFF) | ((limit & 0xF_0000) << 32) | ((segment.Base & 0xFF_FFFF) << 16) | ((segment.Base & 0xFF00_0000) << 32)
            | ((ulong)segment.Attributes << 40);
    }

    private void MapPages()
    {
        const ulong PresentWritable = 3;
        const ulong PresentWritableUser = 7;
        const ulong PresentUser = 5;
        const ulong NoExecute = 1UL << 63;
        ulong* entries = (ulong*)memory;
        ulong* directory = entries + (2 * 512);
        ulong* codeTable = entries + (3 * 512);
        ulong* dataTable = entries + (4 * 512);

        entries[0] = 0x1000 | PresentWritableUser;
        entries[512] = 0x2000 | PresentWritableUser;
        directory[CodeBase >> 21] = 0x3000 | PresentWritableUser;
        directory[DataBase >> 21] = 0x4000 | PresentWritableUser;

        for (ulong page = 0; page < CodeBytes >> 12; page++)
        {
            codeTable[page] = (CodeGpa + (page << 12)) | PresentUser;
        }

        dataTable[(TableBase >> 12) & 511] = TableGpa | PresentWritable | NoExecute;

        for (ulong page = 0; page < ReadableBytes >> 12; page++)
        {
            ulong rights = page < WritableBytes >> 12 ? PresentWritableUser : PresentUser;
            dataTable[page] = (DataGpa + (page << 12)) | rights | NoExecute;
        }
    }
}
