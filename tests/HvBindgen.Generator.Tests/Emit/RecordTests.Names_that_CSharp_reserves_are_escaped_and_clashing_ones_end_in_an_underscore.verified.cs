// record-names/Records.g.cs
namespace Fixture;

/// <summary><c>struct event</c>: 24 bytes, aligned to 4.</summary>
/// <remarks>record-names.h, x86_64.</remarks>
public struct @event
{
    /// <summary><c>int event</c>: bytes 0 to 3. Called <c>event_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int event_;

    /// <summary><c>int class</c>: bytes 4 to 7.</summary>
    public int @class;

    /// <summary><c>int params</c>: bytes 8 to 11.</summary>
    public int @params;

    /// <summary><c>int this</c>: bytes 12 to 15.</summary>
    public int @this;

    /// <summary><c>int field</c>: bytes 16 to 19.</summary>
    public int @field;

    /// <summary><c>int value</c>: bytes 20 to 23.</summary>
    public int value;
}

/// <summary><c>struct file</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>record-names.h, x86_64.</remarks>
public struct @file
{
    /// <summary><c>int fd</c>: bytes 0 to 3.</summary>
    public int fd;
}

/// <summary><c>struct record</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>record-names.h, x86_64.</remarks>
public struct @record
{
    /// <summary><c>struct file file</c>: bytes 0 to 3.</summary>
    public @file file;

    /// <summary><c>int string</c>: bytes 4 to 7.</summary>
    public int @string;
}

/// <summary><c>struct object</c>: 12 bytes, aligned to 4.</summary>
/// <remarks>record-names.h, x86_64.</remarks>
public struct @object
{
    /// <summary><c>int ToString</c>: bytes 0 to 3. Called <c>ToString_</c> here: every C# type has a method of that name.</summary>
    public int ToString_;

    /// <summary><c>int GetHashCode</c>: bytes 4 to 7. Called <c>GetHashCode_</c> here: every C# type has a method of that name.</summary>
    public int GetHashCode_;

    /// <summary><c>int object_</c>: bytes 8 to 11.</summary>
    public int object_;
}

/// <summary><c>struct params</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>record-names.h, x86_64.</remarks>
public unsafe struct @params
{
    /// <summary><c>struct object *namespace</c>: bytes 0 to 7.</summary>
    public @object* @namespace;

    /// <summary><c>struct params</c>: bytes 8 to 11. Called <c>params_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public params_t params_;

    /// <summary>Type of <c>params.params</c>: 4 bytes, aligned to 4.</summary>
    public struct params_t
    {
        /// <summary><c>int lock</c>: bytes 0 to 3.</summary>
        public int @lock;
    }
}

/// <summary><c>dynamic</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>record-names.h, x86_64.</remarks>
public struct @dynamic
{
    /// <summary><c>int async</c>: bytes 0 to 3.</summary>
    public int async;
}
