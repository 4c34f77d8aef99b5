namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Translations of linear pages that lead to memory, each for one kind of access by one privilege.</summary>
/// <remarks>
/// What is kept was allowed when it was made, and its accessed and dirty bits are set. It stays until somebody forgets it, as in a
/// processor: a change of CR0, CR3, CR4 or EFER, INVLPG and INVPCID, and whoever takes memory away. Each belongs to the process context
/// (PCID) that it was made in, those of global pages too: it is found there alone.
/// </remarks>
internal sealed unsafe class TranslationCache
{
    private const int Size = 1024;

    // Contexts have the same addresses: the entries of one are to lie beside those of another.
    private const int ContextDistance = 331;
    private const ulong Valid = 1;
    private const int PrivilegeShift = 1;
    private const ulong LiftsSmap = 1 << 3;

    private readonly Entry[] reads = new Entry[Size];
    private readonly Entry[] writes = new Entry[Size];
    private readonly Entry[] fetches = new Entry[Size];
    private readonly uint[] generations = new uint[(int)X64Bits.Cr3Pcid + 1];
    private uint generation = 1;
    private uint newest = 1;
    private uint oldest = 1;
    private int current;
    private int place;

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        oldest = NextGeneration();
        generation = generations[current] = oldest;
    }

    /// <summary>Forgets what belongs to one process context.</summary>
    internal void Clear(int processContext)
    {
        generations[processContext] = NextGeneration();
        Use(current);
    }

    /// <summary>Goes on in a process context, with what is kept of it.</summary>
    internal void Use(int processContext)
    {
        current = processContext;
        ref uint own = ref generations[processContext];

        if (own < oldest)
        {
            own = NextGeneration();
        }

        generation = own;
        place = processContext * ContextDistance;
    }

    // What was forgotten would become valid again after four thousand million changes unless it went then.
    private uint NextGeneration()
    {
        if (newest == uint.MaxValue)
        {
            Array.Clear(reads);
            Array.Clear(writes);
            Array.Clear(fetches);
            Array.Clear(generations);
            newest = 0;
            oldest = 1;
        }

        return ++newest;
    }

    /// <summary>Finds a translation.</summary>
    internal bool TryFind(ulong linear, AccessKind access, AccessPrivilege privilege, in X64State state, out KeptTranslation found)
    {
        ref Entry entry = ref EntryOf(linear, access);

        if (IsOf(in entry, linear, KeyOf(privilege, in state)))
        {
            uint offset = (uint)linear & 0xFFF;
            found = new KeptTranslation(entry.Gpa + offset, entry.Host + offset, entry.IsWritable);
            return true;
        }

        found = default;
        return false;
    }

    /// <summary>Finds memory to read an operand from.</summary>
    /// <returns>Null where its translation is not kept, or it does not lie within one page.</returns>
    internal byte* FindRead(ulong linear, int sizeBytes, ulong key)
    {
        ref Entry entry = ref reads[PlaceOf(linear)];
        uint offset = (uint)linear & 0xFFF;
        return IsOf(in entry, linear, key) && offset + (uint)sizeBytes <= 4096 ? entry.Host + offset : null;
    }

    /// <summary>Finds memory to write an operand to.</summary>
    /// <returns>Null where its translation is not kept, the memory is read-only, or it does not lie within one page.</returns>
    internal byte* FindWrite(ulong linear, int sizeBytes, ulong key, out ulong gpa)
    {
        ref Entry entry = ref writes[PlaceOf(linear)];
        uint offset = (uint)linear & 0xFFF;
        gpa = entry.Gpa + offset;
        return IsOf(in entry, linear, key) && entry.IsWritable && offset + (uint)sizeBytes <= 4096 ? entry.Host + offset : null;
    }

    /// <summary>What translations depend on beside the address.</summary>
    internal static ulong KeyOf(AccessPrivilege privilege, in X64State state) =>
        Valid | ((ulong)privilege << PrivilegeShift) | ((state.Rflags & X64Bits.FlagAc) != 0 ? LiftsSmap : 0);

    /// <summary>Keeps a translation.</summary>
    /// <param name="linear">An address in the page.</param>
    /// <param name="access">What was allowed.</param>
    /// <param name="privilege">To whom.</param>
    /// <param name="state">State that it was allowed in.</param>
    /// <param name="gpa">Where the address leads.</param>
    /// <param name="page">Host memory of its page; valid until the owner of the memory has had everything forgotten.</param>
    /// <param name="isWritable">Whether the memory may be written.</param>
    internal void Add(
        ulong linear, AccessKind access, AccessPrivilege privilege, in X64State state, ulong gpa, byte* page, bool isWritable) =>
        EntryOf(linear, access) = new Entry
        {
            Tag = (linear & ~0xFFFUL) | KeyOf(privilege, in state),
            Gpa = gpa & ~0xFFFUL,
            Host = page,
            Generation = generation,
            IsWritable = isWritable,
        };

    private ref Entry EntryOf(ulong linear, AccessKind access)
    {
        Entry[] entries = access == AccessKind.Read ? reads : access == AccessKind.Write ? writes : fetches;
        return ref entries[PlaceOf(linear)];
    }

    private int PlaceOf(ulong linear) => ((int)(linear >> 12) + place) & (Size - 1);

    private bool IsOf(in Entry entry, ulong linear, ulong key) =>
        entry.Tag == ((linear & ~0xFFFUL) | key) && entry.Generation == generation;

    private struct Entry
    {
        internal ulong Tag;
        internal ulong Gpa;
        internal byte* Host;
        internal uint Generation;
        internal bool IsWritable;
    }
}

/// <summary>Where a linear address leads.</summary>
internal readonly unsafe struct KeptTranslation(ulong gpa, byte* host, bool isWritable)
{
    internal ulong Gpa { get; } = gpa;

    internal byte* Host { get; } = host;

    internal bool IsWritable { get; } = isWritable;
}
