using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Calls;

/// <summary>A hypercall over a list: cut into pages, and what one call leaves undone the next one resumes.</summary>
internal static unsafe class RepHypercall
{
    /// <summary>Passes a list. <see cref="HypercallResult.CompletedCount"/> counts over all calls; the next element is the culprit of a
    /// failure.</summary>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="code">Hypercall code.</param>
    /// <param name="header">Input before the list.</param>
    /// <param name="elements">List.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="outputs">Receives one output for each element; empty for a hypercall without output.</param>
    /// <param name="outputBytes">Bytes of an output; 0 for none.</param>
    internal static HypercallResult Call<TDescriptor>(
        TDescriptor fd,
        ushort code,
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> elements,
        int elementBytes,
        Span<byte> outputs,
        int outputBytes)
        where TDescriptor : IIoctlDescriptor
    {
        int total = elements.Length / elementBytes;
        int perPage = (HypercallClient.PageBytes - header.Length) / elementBytes;
        if (outputBytes > 0)
        {
            perPage = Math.Min(perPage, HypercallClient.PageBytes / outputBytes);
        }

        HypercallResult result = new(code, 0, 0, 0);
        int first = Math.Min(total, perPage);
        byte* input = stackalloc byte[header.Length + (first * elementBytes)];
        header.CopyTo(new Span<byte>(input, header.Length));
        for (int done = 0; done < total;)
        {
            int count = Math.Min(total - done, perPage);
            ReadOnlySpan<byte> list = elements.Slice(done * elementBytes, count * elementBytes);
            list.CopyTo(new Span<byte>(input + header.Length, list.Length));
            fixed (byte* output = outputs.Slice(done * outputBytes, count * outputBytes))
            {
                result = HypercallClient.Call(fd, code, count, input, header.Length + list.Length, output, count * outputBytes);
            }

            int completed = result.CompletedCount;
            if (result.IsSuccess && completed == 0)
            {
                // Success without progress would be asked for again for ever.
                result = result with { Errno = Errno.EIO };
            }

            done += completed;
            result = result with { CompletedCount = done };

            // A call that got somewhere and then was told to try again is resumed like one that was cut short.
            bool goesOn = result.IsSuccess || (completed > 0 && result.Errno is (Errno.EINTR or Errno.EAGAIN));
            if (!goesOn)
            {
                break;
            }
        }

        return result.CompletedCount == total ? new HypercallResult(code, 0, 0, total) : result;
    }
}
