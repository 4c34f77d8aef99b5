namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>The size of an integer operand.</summary>
internal unsafe interface IOperandSize
{
    static abstract int Bytes { get; }

    /// <summary>Loads an operand by one access of the host.</summary>
    static abstract ulong Load(byte* place);

    /// <summary>Stores an operand by one access of the host.</summary>
    static abstract void Store(byte* place, ulong value);

    /// <summary>Changes as much of a general register as an operand of this size does.</summary>
    static abstract void Write(ref ulong register, ulong value);
}

internal readonly unsafe struct OneByte : IOperandSize
{
    public static int Bytes => 1;

    public static ulong Load(byte* place) => Volatile.Read(ref *place);

    public static void Store(byte* place, ulong value) => Volatile.Write(ref *place, (byte)value);

    public static void Write(ref ulong register, ulong value) => register = (register & ~0xFFUL) | (byte)value;
}

internal readonly unsafe struct TwoBytes : IOperandSize
{
    public static int Bytes => 2;

    public static ulong Load(byte* place) => Volatile.Read(ref *(ushort*)place);

    public static void Store(byte* place, ulong value) => Volatile.Write(ref *(ushort*)place, (ushort)value);

    public static void Write(ref ulong register, ulong value) => register = (register & ~0xFFFFUL) | (ushort)value;
}

internal readonly unsafe struct FourBytes : IOperandSize
{
    public static int Bytes => 4;

    public static ulong Load(byte* place) => Volatile.Read(ref *(uint*)place);

    public static void Store(byte* place, ulong value) => Volatile.Write(ref *(uint*)place, (uint)value);

    public static void Write(ref ulong register, ulong value) => register = (uint)value;
}

internal readonly unsafe struct EightBytes : IOperandSize
{
    public static int Bytes => 8;

    public static ulong Load(byte* place) => Volatile.Read(ref *(ulong*)place);

    public static void Store(byte* place, ulong value) => Volatile.Write(ref *(ulong*)place, value);

    public static void Write(ref ulong register, ulong value) => register = value;
}
