// function-pointers/Records.g.cs
namespace Fixture;

/// <summary><c>handle_t</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>function-pointers.h, x86_64.</remarks>
public struct handle_t
{
    /// <summary><c>int token</c>: bytes 0 to 3.</summary>
    public int token;
}

/// <summary><c>struct pair</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>function-pointers.h, x86_64.</remarks>
public struct pair
{
    /// <summary><c>int low</c>: bytes 0 to 3.</summary>
    public int low;

    /// <summary><c>unsigned long high</c>: bytes 8 to 15.</summary>
    public ulong high;
}

/// <summary><c>struct pixel</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>function-pointers.h, x86_64.</remarks>
public struct pixel
{
    /// <summary><c>float red</c>: bytes 0 to 3.</summary>
    public float red;

    /// <summary><c>float green</c>: bytes 4 to 7.</summary>
    public float green;
}

/// <summary><c>struct odd</c>: 9 bytes, aligned to 1.</summary>
/// <remarks>function-pointers.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 9, Pack = 1)]
public struct odd
{
    /// <summary><c>char tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>double value</c>: bytes 1 to 8.</summary>
    [FieldOffset(1)]
    public double value;
}

/// <summary><c>struct calls</c>: 168 bytes, aligned to 8.</summary>
/// <remarks>function-pointers.h, x86_64.</remarks>
public unsafe struct calls
{
    /// <summary><c>int (*sum)(int *, int)</c>: bytes 0 to 7.</summary>
    public delegate* unmanaged[Cdecl]<int*, int, int> sum;

    /// <summary><c>int (*first)(float *)</c>: bytes 8 to 15.</summary>
    public delegate* unmanaged[Cdecl]<float*, int> first;

    /// <summary><c>int (*rows)(int (*)[3])</c>: bytes 16 to 23.</summary>
    public delegate* unmanaged[Cdecl]<int*, int> rows;

    /// <summary><c>int (*matrix)(float (*)[4])</c>: bytes 24 to 31.</summary>
    public delegate* unmanaged[Cdecl]<float*, int> matrix;

    /// <summary><c>int (*constant)(float *)</c>: bytes 32 to 39.</summary>
    public delegate* unmanaged[Cdecl]<float*, int> constant;

    /// <summary><c>int (*through)(quad *)</c>: bytes 40 to 47.</summary>
    public delegate* unmanaged[Cdecl]<float*, int> through;

    /// <summary><c>int (*names)(char **)</c>: bytes 48 to 55.</summary>
    public delegate* unmanaged[Cdecl]<byte**, int> names;

    /// <summary><c>void (*at_least)(double *, int (*)(int))</c>: bytes 56 to 63.</summary>
    public delegate* unmanaged[Cdecl]<double*, delegate* unmanaged[Cdecl]<int, int>, void> at_least;

    /// <summary><c>void (*lengths)(int, int *)</c>: bytes 64 to 71.</summary>
    public delegate* unmanaged[Cdecl]<int, int*, void> lengths;

    /// <summary><c>handle_t (*by_value)(struct pair, handle_t)</c>: bytes 72 to 79.</summary>
    public delegate* unmanaged[Cdecl]<pair, handle_t, handle_t> by_value;

    /// <summary><c>struct pixel (*floats)(struct pixel)</c>: bytes 80 to 87.</summary>
    public delegate* unmanaged[Cdecl]<pixel, pixel> floats;

    /// <summary><c>int (__attribute__((ms_abi)) *firmware)(void *)</c>: bytes 88 to 95.</summary>
    /// <remarks>A pointer to anything, because the function is called by 'ms_abi'.</remarks>
    public void* firmware;

    /// <summary><c>long double (*wide)(void)</c>: bytes 96 to 103.</summary>
    /// <remarks>A pointer to anything, because C# would not pass 'long double' as C does.</remarks>
    public void* wide;

    /// <summary><c>int (*wider)(unsigned __int128)</c>: bytes 104 to 111.</summary>
    /// <remarks>A pointer to anything, because C# would not pass 'unsigned __int128' as C does.</remarks>
    public void* wider;

    /// <summary><c>double (*complex)(__typeof__(_Complex double /* 16 bytes */))</c>: bytes 112 to 119.</summary>
    /// <remarks>A pointer to anything, because C# would not pass '_Complex double' as C does.</remarks>
    public void* complex;

    /// <summary><c>void (*packed)(struct odd)</c>: bytes 120 to 127.</summary>
    /// <remarks>A pointer to anything, because C# would not pass 'struct odd' as C does.</remarks>
    public void* packed;

    /// <summary><c>void (*incomplete)(struct unknown)</c>: bytes 128 to 135.</summary>
    /// <remarks>A pointer to anything, because 'struct unknown' is passed by value and nowhere defined.</remarks>
    public void* incomplete;

    /// <summary><c>int (*list)(char *, __typeof__(__builtin_va_list /* 24 bytes */))</c>: bytes 136 to 143.</summary>
    /// <remarks>A pointer to anything, because C# would not pass '__builtin_va_list' as C does.</remarks>
    public void* list;

    /// <summary><c>int (*listed)(char *, argument_list)</c>: bytes 144 to 151.</summary>
    /// <remarks>A pointer to anything, because C# would not pass 'argument_list' as C does.</remarks>
    public void* listed;

    /// <summary><c>int (*old)(...)</c>: bytes 152 to 159.</summary>
    /// <remarks>A pointer to anything, because C says nothing of the function's parameters.</remarks>
    public void* old;

    /// <summary><c>int (*nameless)(__typeof__(/* struct { int a; } */ /* 4 bytes */))</c>: bytes 160 to 167.</summary>
    /// <remarks>A pointer to anything, because C# would not pass a record without a name as C does.</remarks>
    public void* nameless;
}
