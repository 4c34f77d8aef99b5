using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace HvBindgen.Uapi.Polyfills;

/// <summary>Members that .NET Standard 2.0 lacks, under the names that .NET has them by.</summary>
internal static class Extensions
{
    extension(char)
    {
        internal static bool IsAscii(char letter) => letter < 0x80;

        internal static bool IsAsciiDigit(char letter) => letter is >= '0' and <= '9';

        internal static bool IsAsciiLetterOrDigit(char letter) =>
            letter is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
    }

    extension(string)
    {
        internal static string Create(IFormatProvider provider, FormattableString text) => text.ToString(provider);
    }

    extension(string text)
    {
        internal string Replace(string old, string now, StringComparison comparison) =>
            comparison == StringComparison.Ordinal ? text.Replace(old, now) : throw new ArgumentOutOfRangeException(nameof(comparison));

        internal string[] Split(string separator) => text.Split([separator], StringSplitOptions.None);

        internal bool Contains(char letter, StringComparison comparison) =>
            comparison == StringComparison.Ordinal
                ? text.IndexOf(letter) >= 0
                : throw new ArgumentOutOfRangeException(nameof(comparison));

        internal bool Contains(string part, StringComparison comparison) => text.IndexOf(part, comparison) >= 0;

        internal int GetHashCode(StringComparison comparison) =>
            comparison == StringComparison.Ordinal
                ? StringComparer.Ordinal.GetHashCode(text)
                : throw new ArgumentOutOfRangeException(nameof(comparison));

        internal string ReplaceLineEndings(string end) => text.Replace("\r\n", "\n").Replace("\n", end);

        internal ReadOnlySpan<char> AsSpan(Range range)
        {
            (int start, int length) = OffsetAndLength(range, text.Length);
            return text.AsSpan(start, length);
        }

        internal IEnumerable<Rune> EnumerateRunes()
        {
            for (int index = 0; index < text.Length;)
            {
                int length = char.IsSurrogatePair(text, index) ? 2 : 1;
                yield return new Rune(text.Substring(index, length));
                index += length;
            }
        }
    }

    extension(uint)
    {
        internal static bool TryParse(ReadOnlySpan<char> text, NumberStyles styles, IFormatProvider provider, out uint value) =>
            uint.TryParse(text.ToString(), styles, provider, out value);
    }

    extension(long)
    {
        internal static bool TryParse(ReadOnlySpan<char> text, IFormatProvider provider, out long value) =>
            long.TryParse(text.ToString(), NumberStyles.Integer, provider, out value);
    }

    extension(ulong)
    {
        internal static bool TryParse(ReadOnlySpan<char> text, NumberStyles styles, IFormatProvider provider, out ulong value) =>
            ulong.TryParse(text.ToString(), styles, provider, out value);
    }

    extension(ArgumentNullException)
    {
        internal static void ThrowIfNull(object? value)
        {
            if (value is null)
            {
                throw new ArgumentNullException(nameof(value));
            }
        }
    }

    extension(ArgumentOutOfRangeException)
    {
        internal static void ThrowIfZero(int value)
        {
            if (value == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(value));
            }
        }
    }

    extension(GC)
    {
        internal static T[] AllocateUninitializedArray<T>(int length) => new T[length];
    }

    extension(Encoding)
    {
        internal static Encoding Latin1 => Encoding.GetEncoding(28591);
    }

    extension(Encoding encoding)
    {
        internal string GetString(ReadOnlySpan<byte> bytes) => encoding.GetString(bytes.ToArray());

        internal unsafe bool TryGetBytes(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
        {
            written = 0;
            if (text.IsEmpty)
            {
                return true;
            }

            // Both spans are held in place for the two calls.
            fixed (char* from = text)
            fixed (byte* to = bytes)
            {
                bool fits = encoding.GetByteCount(from, text.Length) <= bytes.Length;
                written = fits ? encoding.GetBytes(from, text.Length, to, bytes.Length) : 0;
                return fits;
            }
        }
    }

    extension<T>(IEnumerable<T> items)
    {
        internal IEnumerable<T> Order() => items.OrderBy(item => item);

        internal IEnumerable<T> Order(IComparer<T> comparer) => items.OrderBy(item => item, comparer);

        internal IEnumerable<T> DistinctBy<TKey>(Func<T, TKey> keyOf) => items.GroupBy(keyOf).Select(group => group.First());
    }

    extension<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> entries)
    {
        internal TValue? GetValueOrDefault(TKey key) => entries.TryGetValue(key, out TValue? value) ? value : default;

        internal TValue GetValueOrDefault(TKey key, TValue other) => entries.TryGetValue(key, out TValue? value) ? value : other;
    }

    extension<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull
    {
        internal TValue? GetValueOrDefault(TKey key) => entries.TryGetValue(key, out TValue? value) ? value : default;

        internal TValue GetValueOrDefault(TKey key, TValue other) => entries.TryGetValue(key, out TValue? value) ? value : other;

        internal bool TryAdd(TKey key, TValue value)
        {
            bool isNew = !entries.ContainsKey(key);
            if (isNew)
            {
                entries.Add(key, value);
            }

            return isNew;
        }
    }

    extension<TKey, TValue>(ConcurrentDictionary<TKey, TValue> entries)
        where TKey : notnull
    {
        internal TValue GetOrAdd<TArgument>(TKey key, Func<TKey, TArgument, TValue> make, TArgument argument) =>
            entries.GetOrAdd(key, wanted => make(wanted, argument));
    }

    internal static void Deconstruct<TKey, TValue>(this KeyValuePair<TKey, TValue> entry, out TKey key, out TValue value) =>
        (key, value) = (entry.Key, entry.Value);

    internal static bool SequenceEqual<T>(this ReadOnlySpan<T> left, ReadOnlySpan<T> right, IEqualityComparer<T>? comparer)
    {
        IEqualityComparer<T> equality = comparer ?? EqualityComparer<T>.Default;
        bool isEqual = left.Length == right.Length;
        for (int index = 0; isEqual && index < left.Length; index++)
        {
            isEqual = equality.Equals(left[index], right[index]);
        }

        return isEqual;
    }

    private static (int Start, int Length) OffsetAndLength(Range range, int length)
    {
        int start = range.Start.GetOffset(length);
        return (start, range.End.GetOffset(length) - start);
    }
}
