namespace HvBindgen.Mshv.Interop;

/// <summary>What a system call gave: its value, or its error number, taken before anything could overwrite it.</summary>
public readonly struct SystemCallResult
{
    private SystemCallResult(nint value, int errno)
    {
        Value = value;
        Errno = errno;
    }

    /// <summary>Value of a call that succeeded: a descriptor, an address, or 0. -1 after an error.</summary>
    public nint Value { get; }

    /// <summary>Error number of <c>errno.h</c>; 0 after success.</summary>
    public int Errno { get; }

    /// <summary>Whether the call succeeded.</summary>
    public bool IsSuccess => Errno == 0;

    /// <summary>A call that succeeded.</summary>
    /// <param name="value">Its value.</param>
    /// <returns>A result with <see cref="Errno"/> 0.</returns>
    public static SystemCallResult Success(nint value) => new(value, 0);

    /// <summary>A call that failed.</summary>
    /// <param name="errno">Error number, greater than 0.</param>
    /// <returns>A result with <see cref="Value"/> -1.</returns>
    public static SystemCallResult Failure(int errno) => new(-1, errno);
}
