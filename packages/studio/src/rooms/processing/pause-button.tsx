import type { ProcessorSummary } from '@headwater/client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../data/client.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm, Fault } from '../../ui/confirm.tsx'
import { useRefreshProcessing } from './refresh-processing.ts'

/** Has a processor stand still, for a reason that others see, or go on. */
export function PauseButton({ processor: { name, kind, status } }: { processor: ProcessorSummary }) {
  const refresh = useRefreshProcessing()
  const [asking, setAsking] = useState(false)
  const processor = client.processor(name)
  const resume = useMutation({ mutationFn: () => processor.resume(), onSuccess: refresh })
  if (status === 'paused') {
    return (
      <>
        <Button
          icon="play"
          aria-label={`Resume ${name}`}
          disabled={resume.isPending}
          onClick={() => resume.mutate()}
        >
          Resume
        </Button>
        {resume.error && <Fault error={resume.error} />}
      </>
    )
  }
  return (
    <>
      <Button icon="pause" look="quiet" aria-label={`Pause ${name}`} onClick={() => setAsking(true)}>
        Pause
      </Button>
      {asking && (
        <Confirm
          title={`Pause ${name}?`}
          action="Pause"
          reason="optional"
          act={(why) => processor.pause(why === '' ? {} : { why }).then(refresh)}
          onClose={() => setAsking(false)}
        >
          <p>
            What is being handled is finished. Then nothing is, in any process, restarts included, until it is
            resumed: {kind === 'view' ? 'the view falls behind' : 'no effects happen'} meanwhile.
          </p>
        </Confirm>
      )}
    </>
  )
}
