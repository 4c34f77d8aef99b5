using System.Buffers;

namespace HvBindgen.Mshv.Gdb.Protocol;

/// <summary>Reads the arguments of a command from left to right. What comes from a socket may be anything.</summary>
internal ref struct ArgumentReader(ReadOnlySpan<byte> text)
{
    private const int DigitsOfWord = 16;

    /// <summary>What has not been read.</summary>
    internal ReadOnlySpan<byte> Rest { get; private set; } = text;

    /// <summary>Takes a text if it comes next.</summary>
    internal bool TryTake(ReadOnlySpan<byte> expected)
    {
        if (!Rest.StartsWith(expected))
        {
            return false;
        }

        Rest = Rest[expected.Length..];
        return true;
    }

    /// <summary>Takes a hexadecimal number of up to 64 bits.</summary>
    internal bool TryTakeNumber(out ulong value)
    {
        value = 0;
        int digits = 0;
        while (digits < Rest.Length && char.IsAsciiHexDigit((char)Rest[digits]))
        {
            value = (value << 4) | (uint)Convert.ToInt32(((char)Rest[digits]).ToString(), 16);
            digits++;
        }

        Rest = Rest[digits..];
        return digits is > 0 and <= DigitsOfWord;
    }

    /// <summary>Takes two numbers with a comma between them.</summary>
    internal bool TryTakePair(out ulong first, out ulong second)
    {
        second = 0;
        return TryTakeNumber(out first) && TryTake(","u8) && TryTakeNumber(out second);
    }

    /// <summary>Takes the rest as bytes, two digits each.</summary>
    internal readonly bool TryTakeBytes(Span<byte> bytes) =>
        Rest.Length == bytes.Length * 2
        && Convert.FromHexString(Rest, bytes, out _, out int written) == OperationStatus.Done
        && written == bytes.Length;

    /// <summary>Takes the id of a thread: null for all or any.</summary>
    internal bool TryTakeThread(out uint? vpIndex)
    {
        vpIndex = null;
        if (TryTake("-1"u8))
        {
            return true;
        }

        if (!TryTakeNumber(out ulong id) || id > uint.MaxValue)
        {
            return false;
        }

        // 0 is gdb's "any"; ids begin with 1.
        vpIndex = id == 0 ? null : (uint)id - 1;
        return true;
    }
}
