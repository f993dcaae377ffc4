const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const role = (service: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
    },
    Policies: [
      {
        PolicyName: 'all',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['logs:*', 'sqs:*', 'lambda:*'], Resource: '*' }] },
      },
    ],
  },
});

/** Something of everything that may be acknowledged: objects, messages, rows, executions, events, invocations. */
export const stack = {
  Resources: {
    FunctionRole: role('lambda.amazonaws.com'),
    StatesRole: role('states.amazonaws.com'),
    Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'lake' } },
    Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
    Events: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } },
    Done: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'done' } },
    Rows: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'rows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    },
    MayTell: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Events' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: arn('Events'),
            },
          ],
        },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { EventPattern: { source: ['writer'] }, Targets: [{ Id: 'q', Arn: arn('Events') }] },
    },
    Echo: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'echo',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: arn('FunctionRole'),
        Code: { ZipFile: 'exports.handler = async (event) => event;' },
      },
    },
    EchoTells: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Echo' },
        Qualifier: '$LATEST',
        DestinationConfig: { OnSuccess: { Destination: arn('Done') } },
      },
    },
    Flow: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'flow',
        RoleArn: arn('StatesRole'),
        DefinitionString: {
          'Fn::Sub': JSON.stringify({
            StartAt: 'Pause',
            States: {
              Pause: { Type: 'Wait', Seconds: 1, Next: 'Echo' },
              Echo: {
                Type: 'Task',
                Resource: 'arn:aws:states:::lambda:invoke',
                Parameters: { FunctionName: '${Echo.Arn}', 'Payload.$': '$' },
                OutputPath: '$.Payload',
                Next: 'Each',
              },
              Each: {
                Type: 'Map',
                ItemsPath: '$.items',
                ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } },
                End: true,
              },
            },
          }),
        },
      },
    },
  },
};
