// record-passed-by-itself/Records.g.cs
namespace Fixture;

/// <summary><c>struct self</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>record-passed-by-itself.h, x86_64.</remarks>
public unsafe struct self
{
    /// <summary><c>struct self (*make)(struct self)</c>: bytes 0 to 7.</summary>
    public delegate* unmanaged[Cdecl]<self, self> make;
}

/// <summary><c>struct left</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>record-passed-by-itself.h, x86_64.</remarks>
public unsafe struct left
{
    /// <summary><c>struct right (*other)(struct left)</c>: bytes 0 to 7.</summary>
    public delegate* unmanaged[Cdecl]<left, right> other;

    /// <summary><c>int tag</c>: bytes 8 to 11.</summary>
    public int tag;
}

/// <summary><c>struct right</c>: 32 bytes, aligned to 8.</summary>
/// <remarks>record-passed-by-itself.h, x86_64.</remarks>
public struct right
{
    /// <summary><c>struct left (*table[2])(struct right)</c>: bytes 0 to 15.</summary>
    public Array2<nint> table;

    /// <summary><c>struct left inside</c>: bytes 16 to 31.</summary>
    public left inside;
}

/// <summary><c>struct node</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>record-passed-by-itself.h, x86_64.</remarks>
public unsafe struct node
{
    /// <summary><c>visit_t visit</c>: bytes 0 to 7.</summary>
    public delegate* unmanaged[Cdecl]<node, node*> visit;
}
